#include "tests/support/test_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace citybridge::test {
namespace {

void must(bool good, const char* what) {
    if (!good) throw std::runtime_error(std::string("certificate: ") + what);
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    must(extension != nullptr, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void set_name(X509* certificate, const char* common_name) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
}

}  // namespace

TestCertificate::TestCertificate(const CertificateOptions& options) : key_(EVP_EC_gen("P-256")) {
    const Key authority_key(EVP_EC_gen("P-256"));
    must(key_ && authority_key, "keys");
    const Certificate authority = sign(authority_key.get(), nullptr, authority_key.get(), {.address = ""});
    certificate_ = options.self_signed ? sign(key_.get(), nullptr, key_.get(), options)
                                       : sign(key_.get(), authority.get(), authority_key.get(), options);
    ca_file_ = (std::filesystem::temp_directory_path() / "citybridge-ca-XXXXXX").string();
    const int file = ::mkstemp(ca_file_.data());
    must(file >= 0, "temporary file");
    std::FILE* const out = ::fdopen(file, "w");
    must(out != nullptr && PEM_write_X509(out, authority.get()) == 1, "writing");
    std::fclose(out);
}

TestCertificate::~TestCertificate() { ::unlink(ca_file_.c_str()); }

void TestCertificate::use_in(SSL_CTX* context) const {
    must(SSL_CTX_use_certificate(context, certificate_.get()) == 1, "use");
    must(SSL_CTX_use_PrivateKey(context, key_.get()) == 1, "use key");
}

// Without an issuer it signs itself; without an address it is an authority.
TestCertificate::Certificate TestCertificate::sign(EVP_PKEY* subject, X509* issuer, EVP_PKEY* issuer_key,
                                                   const CertificateOptions& options) {
    Certificate out(X509_new());
    must(out != nullptr, "memory");
    const bool is_authority = options.address.empty();
    X509_set_version(out.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), is_authority ? 1 : 2);
    X509_time_adj_ex(X509_getm_notBefore(out.get()), options.valid_from_days, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(out.get()), options.valid_to_days, 0, nullptr);
    X509_set_pubkey(out.get(), subject);
    set_name(out.get(), is_authority ? "Test authority" : "Test server");
    X509* const signer = issuer != nullptr ? issuer : out.get();
    X509_set_issuer_name(out.get(), X509_get_subject_name(signer));
    add_extension(out.get(), signer, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!is_authority) add_extension(out.get(), signer, NID_subject_alt_name, "IP:" + options.address);
    must(X509_sign(out.get(), issuer_key, EVP_sha256()) > 0, "signing");
    return out;
}

}  // namespace citybridge::test
