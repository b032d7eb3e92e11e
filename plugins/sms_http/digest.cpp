#include "plugins/sms_http/digest.h"

#include <iconv.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace citybridge::sms_http {
namespace {

const EVP_MD* algorithm(Hash hash) {
    switch (hash) {
        case Hash::md5: return EVP_md5();
        case Hash::sha1: return EVP_sha1();
        case Hash::sha256: break;
    }
    return EVP_sha256();
}

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '~';
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string digest_of(Hash hash, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), out.data(), &size, algorithm(hash), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot hash");
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string hmac_of(Hash hash, std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = 0;
    if (HMAC(algorithm(hash), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(), out.data(),
             &size) == nullptr)
        throw std::runtime_error("OpenSSL cannot sign");
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4U];
        out += digits[static_cast<unsigned char>(c) & 0xFU];
    }
    return out;
}

std::string to_base64(std::string_view bytes) {
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::string percent_encoded(std::string_view bytes, bool form) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : bytes) {
        if (is_plain(c)) {
            out += c;
        } else if (form && c == ' ') {
            out += '+';
        } else {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4U];
            out += digits[static_cast<unsigned char>(c) & 0xFU];
        }
    }
    return out;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escape =
            text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
            at += 2;
        } else {
            out += text[at] == '+' ? ' ' : text[at];
        }
    }
    return out;
}

bool same_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<std::string> in_charset(std::string_view utf8, const std::string& charset) {
    if (charset == "UTF-8") return std::string(utf8);
    const iconv_t converter = iconv_open(charset.c_str(), "UTF-8");
    if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
    std::string input(utf8);
    std::string out(utf8.size() * 4 + 8, '\0');
    char* from = input.data();
    char* to = out.data();
    std::size_t from_left = input.size();
    std::size_t to_left = out.size();
    // More than 0: characters were replaced by others that look alike, which would be a changed message.
    const bool same = iconv(converter, &from, &from_left, &to, &to_left) == 0;
    iconv_close(converter);
    if (!same) return std::nullopt;
    out.resize(out.size() - to_left);
    return out;
}

}  // namespace citybridge::sms_http
