#include "plugins/link_https/certificates.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <ctime>

namespace citybridge::link_https {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Never asks at a terminal: a key with a passphrase is refused.
int no_passphrase(char*, int, int, void*) { return -1; }

// Instead of OpenSSL's own way through a chain: there is no authority here, only known certificates.
int judge_certificate(X509_STORE_CTX* store, void* pins) {
    const X509* const shown = X509_STORE_CTX_get0_cert(store);
    if (shown == nullptr || static_cast<const Pins*>(pins)->city_of(shown) == nullptr) {
        const bool known_but_old = shown != nullptr && !in_its_time(shown);
        X509_STORE_CTX_set_error(store, known_but_old ? X509_V_ERR_CERT_HAS_EXPIRED : X509_V_ERR_CERT_UNTRUSTED);
        return 0;
    }
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

std::string reason() {
    char text[200] = "unknown";
    if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
    ERR_clear_error();
    return text;
}

WallTime time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return WallTime(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

std::optional<Fingerprint> parse_fingerprint(std::string_view text) {
    if (text.starts_with("sha256:")) text.remove_prefix(7);
    Fingerprint out{};
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == ':' && digits % 2 == 0) continue;
        const int value = digit(c);
        if (value < 0 || digits == 2 * out.size()) return std::nullopt;
        auto& byte = out.at(digits++ / 2);
        byte = static_cast<std::uint8_t>((byte << 4) | value);
    }
    if (digits != 2 * out.size()) return std::nullopt;
    return out;
}

std::optional<Fingerprint> fingerprint_of(const X509* certificate) {
    Fingerprint out{};
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), out.data(), &size) != 1 || size != out.size()) return std::nullopt;
    return out;
}

std::string to_hex(const Fingerprint& print) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : print) {
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

bool in_its_time(const X509* certificate) {
    return X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0 &&
           X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0;
}

const std::string* Pins::city_of(const X509* certificate) const {
    const auto print = fingerprint_of(certificate);
    if (!print || !in_its_time(certificate)) return nullptr;
    const auto found = cities_.find(*print);
    return found == cities_.end() ? nullptr : &found->second;
}

Result<Identity> Identity::load(const std::string& certificate_file, const std::string& key_file) {
    const auto bad = [](std::string detail) { return Error{"link_https.bad_certificate", std::move(detail)}; };
    Identity out;
    ERR_clear_error();
    if (const File file{std::fopen(certificate_file.c_str(), "re")})
        out.certificate_.reset(PEM_read_X509(file.get(), nullptr, no_passphrase, nullptr));
    if (!out.certificate_) return bad(certificate_file + " holds no certificate that can be read: " + reason());
    if (const File file{std::fopen(key_file.c_str(), "re")})
        out.key_.reset(PEM_read_PrivateKey(file.get(), nullptr, no_passphrase, nullptr));
    if (!out.key_) return bad(key_file + " holds no private key that can be read without a passphrase: " + reason());
    if (X509_check_private_key(out.certificate_.get(), out.key_.get()) != 1)
        return bad("the key in " + key_file + " is not the one of the certificate in " + certificate_file);
    out.valid_until_ = time_of(X509_get0_notAfter(out.certificate_.get()));
    if (!in_its_time(out.certificate_.get()))
        return bad("the certificate in " + certificate_file + " is valid until " + to_rfc3339(out.valid_until_) +
                   " or not yet; make a new one and give its fingerprint to the other cities");
    return out;
}

bool Identity::use_in(SSL_CTX* context, const Pins& pins) const {
    SSL_CTX_set_cert_verify_callback(context, judge_certificate, const_cast<Pins*>(&pins));
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_use_certificate(context, certificate_.get()) == 1 &&
           SSL_CTX_use_PrivateKey(context, key_.get()) == 1;
}

Context Identity::door(const Pins& pins) const {
    Context context(SSL_CTX_new(TLS_server_method()));
    if (!context || !use_in(context.get(), pins)) return nullptr;
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_num_tickets(context.get(), 0);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

}  // namespace citybridge::link_https
