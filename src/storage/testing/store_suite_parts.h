// One empty function for each file of the suite. A test that stands in a library is registered when
// its file is linked, and a file is linked when something in it is called.

#ifndef GRAMME_STORAGE_TESTING_STORE_SUITE_PARTS_H_
#define GRAMME_STORAGE_TESTING_STORE_SUITE_PARTS_H_

namespace gramme {

void LinkUpdateTests();
void LinkOperationTests();
void LinkGuardTests();
void LinkViewTests();
void LinkScanTests();
void LinkReleaseTests();
void LinkKeyspaceTests();
void LinkImportTests();
void LinkImageTests();
void LinkFileCheckTests();
void LinkConcurrencyTests();
void LinkModelTests();

}  // namespace gramme

#endif  // GRAMME_STORAGE_TESTING_STORE_SUITE_PARTS_H_
