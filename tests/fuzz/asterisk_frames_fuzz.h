#pragma once
#include <cstddef>
#include <cstdint>

// One run of the manager stream's framer on arbitrary bytes: the first byte
// says how they are split. Aborts if a promise is broken.
int fuzz_asterisk_frames(const std::uint8_t* data, std::size_t size);
