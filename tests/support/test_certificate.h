#pragma once
// Certificates for TLS servers in tests, made here and now: a certificate
// authority of its own and one server certificate, right or wrong on purpose.
#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace citybridge::test {

struct CertificateOptions {
    std::string address = "127.0.0.1";  // the only address it is valid for
    int valid_from_days = -1;           // seen from now
    int valid_to_days = 1;
    bool self_signed = false;  // instead of by the authority
};

class TestCertificate {
public:
    explicit TestCertificate(const CertificateOptions& options = {});
    // PEM of the authority, for HttpOutgoing::ca_file; removed with this object.
    const std::string& ca_file() const { return ca_file_; }
    // Takes certificate and key.
    void use_in(SSL_CTX* context) const;
    ~TestCertificate();
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;

private:
    struct Free {
        void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
        void operator()(X509* certificate) const { X509_free(certificate); }
    };
    using Key = std::unique_ptr<EVP_PKEY, Free>;
    using Certificate = std::unique_ptr<X509, Free>;

    static Certificate sign(EVP_PKEY* subject, X509* issuer, EVP_PKEY* issuer_key, const CertificateOptions& options);

    Key key_;
    Certificate certificate_;
    std::string ca_file_;
};

}  // namespace citybridge::test
