#pragma once
// Who is who: this city's certificate and key, and the fingerprints of the
// others'. A certificate counts by its fingerprint and its dates; who signed it
// and what it is called do not matter. TLS 1.3 only, no resumption: every
// connection shows both certificates.
#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge::link_https {

using Fingerprint = std::array<std::uint8_t, 32>;

// 64 hexadecimal digits in either case, with or without colons and a leading "sha256:".
std::optional<Fingerprint> parse_fingerprint(std::string_view text);
std::optional<Fingerprint> fingerprint_of(const X509* certificate);
std::string to_hex(const Fingerprint& print);

// Whose certificate this is; nothing: a stranger's, or out of its time.
class Pins {
public:
    void add(const Fingerprint& print, const std::string& city) { cities_.emplace(print, city); }
    const std::string* city_of(const X509* certificate) const;

private:
    std::map<Fingerprint, std::string> cities_;
};

// Is it valid at this moment, by its own dates?
bool in_its_time(const X509* certificate);

struct FreeSsl {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Context = std::unique_ptr<SSL_CTX, FreeSsl>;
using Certificate = std::unique_ptr<X509, FreeSsl>;
using Key = std::unique_ptr<EVP_PKEY, FreeSsl>;

class Identity {
public:
    // Error "link_https.bad_certificate": a file cannot be read, they do not belong together, or it has expired.
    static Result<Identity> load(const std::string& certificate_file, const std::string& key_file);

    // For the door: takes whoever `pins` knows. Constant afterwards; `pins` must outlive it.
    Context door(const Pins& pins) const;
    // For a connection to a city: shows our certificate and takes only those of `pins`, which must outlive it.
    bool use_in(SSL_CTX* context, const Pins& pins) const;

    WallTime valid_until() const { return valid_until_; }

private:
    Certificate certificate_;
    Key key_;
    WallTime valid_until_{};
};

}  // namespace citybridge::link_https
