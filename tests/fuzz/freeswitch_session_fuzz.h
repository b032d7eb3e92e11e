#pragma once
#include <cstddef>
#include <cstdint>

// One run of the FreeSWITCH session on arbitrary bytes: the first byte says how
// far the connection is and how the rest is split. Aborts if a promise is broken.
int fuzz_freeswitch_session(const std::uint8_t* data, std::size_t size);
