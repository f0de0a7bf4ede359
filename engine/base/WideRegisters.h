#pragma once

namespace engine {

// Tells the processor that the upper halves of its vector registers hold nothing. Compiled code says so after it has
// used them; some library code does not (QtCore 6.4 leaves them in use once the command line is read), and new threads
// inherit it. From then on each change between instructions of the old and the new encoding costs as much as a miss of
// all caches; SQLite and the C library change twice per row, and a load takes 1.3 times as long. To be called before a
// long loop over foreign code; it takes a nanosecond.
void clearUpperHalves();

} // namespace engine
