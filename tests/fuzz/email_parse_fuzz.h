#pragma once
#include <cstddef>
#include <cstdint>

// One run of the reader of incoming mails on arbitrary bytes; the first byte is not of the mail. Aborts if a promise
// is broken.
int fuzz_email_parse(const std::uint8_t* data, std::size_t size);
