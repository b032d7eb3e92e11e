#pragma once
#include <cstddef>
#include <cstdint>

// One run of the writer of mails: the first byte says which settings, the rest is a message's payload, or the texts
// of one if it is no JSON. Aborts if a promise is broken.
int fuzz_email_build(const std::uint8_t* data, std::size_t size);
