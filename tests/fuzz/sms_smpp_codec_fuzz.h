#pragma once
#include <cstddef>
#include <cstdint>

// One run of the SMPP framer and the readers of bodies on arbitrary bytes: the
// first byte says how they are split. Aborts if a promise is broken.
int fuzz_sms_smpp_codec(const std::uint8_t* data, std::size_t size);
