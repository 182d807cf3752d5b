// What the process asks of the C library's allocator, so that memory it no longer uses goes back to
// the machine.

#ifndef GRAMME_SERVER_ALLOCATOR_H_
#define GRAMME_SERVER_ALLOCATOR_H_

namespace gramme {

// Once, before the first thread starts.
void TuneAllocator();

}  // namespace gramme

#endif  // GRAMME_SERVER_ALLOCATOR_H_
