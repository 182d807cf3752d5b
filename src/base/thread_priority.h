// What a thread asks of the operating system's scheduler, for itself alone. Where that is refused,
// or unknown (before Linux 6.12), the thread is as others.

#ifndef GRAMME_BASE_THREAD_PRIORITY_H_
#define GRAMME_BASE_THREAD_PRIORITY_H_

namespace gramme {

// For a thread that answers somebody: once it wakes it does not wait until a thread with longer
// slices has used up the one it has begun.
void AskForShortSlices();

// For a thread whose work can wait: 0 to 19 as in nice(1).
void YieldToOthers(int niceness);

}  // namespace gramme

#endif  // GRAMME_BASE_THREAD_PRIORITY_H_
