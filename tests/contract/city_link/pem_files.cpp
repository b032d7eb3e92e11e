#include "tests/contract/city_link/pem_files.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace citybridge::test {

PemFiles make_certificate(const std::string& folder, const std::string& name, int from_days, int to_days) {
    const auto must = [](bool good) {
        if (!good) throw std::runtime_error("cannot make a certificate");
    };
    EVP_PKEY* const key = EVP_EC_gen("P-256");
    X509* const certificate = X509_new();
    must(key != nullptr && certificate != nullptr);
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_time_adj_ex(X509_getm_notBefore(certificate), from_days, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(certificate), to_days, 0, nullptr);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    must(X509_sign(certificate, key, EVP_sha256()) > 0);

    PemFiles out{folder + '/' + name + ".pem", folder + '/' + name + "-key.pem", {}};
    std::FILE* file = std::fopen(out.certificate.c_str(), "w");
    must(file != nullptr && PEM_write_X509(file, certificate) == 1);
    std::fclose(file);
    file = std::fopen(out.key.c_str(), "w");
    must(file != nullptr && PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    std::fclose(file);
    std::array<unsigned char, 32> print{};
    unsigned int size = 0;
    must(X509_digest(certificate, EVP_sha256(), print.data(), &size) == 1);
    for (const unsigned char byte : print) {
        std::array<char, 3> digits{};
        std::snprintf(digits.data(), digits.size(), "%02X", byte);
        out.fingerprint += digits.data();
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return out;
}

}  // namespace citybridge::test
