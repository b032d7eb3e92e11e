#pragma once
#include <cstddef>
#include <cstdint>

// One run of the event socket's framer and events on arbitrary bytes: the first
// byte says how they are split and what a body is taken for. Aborts if a promise is broken.
int fuzz_freeswitch_frames(const std::uint8_t* data, std::size_t size);
