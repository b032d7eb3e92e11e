#pragma once
#include <cstddef>
#include <cstdint>

// One run of the SMPP session on arbitrary bytes of a centre: the first byte
// says how they are split and whether the session is bound before. Aborts if a
// promise is broken.
int fuzz_sms_smpp_session(const std::uint8_t* data, std::size_t size);
