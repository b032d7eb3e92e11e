#pragma once
// What a library says of itself before any of its code runs: interface, compiler, name, and where its plugin is made.
#include <cstdint>

namespace citybridge {

inline constexpr std::uint32_t kAbiMagic = 0x47524243;  // "CBRG"
#define CITYBRIDGE_ABI_VERSION 5                        // any change under core/api bumps it
inline constexpr std::uint32_t kAbiVersion = CITYBRIDGE_ABI_VERSION;

#define CITYBRIDGE_STR2(x) #x
#define CITYBRIDGE_STR(x) CITYBRIDGE_STR2(x)
#if defined(__clang__)
#define CITYBRIDGE_COMPILER "clang" CITYBRIDGE_STR(__clang_major__)
#else
#define CITYBRIDGE_COMPILER "gcc" CITYBRIDGE_STR(__GNUC__)
#endif
// Compiler, standard library, its ABI and assertions: a difference in any of them lays out
// std types differently, and the first call would corrupt memory.
#if defined(__SANITIZE_ADDRESS__)
#define CITYBRIDGE_SANITIZER "/asan"
#elif defined(__SANITIZE_THREAD__)
#define CITYBRIDGE_SANITIZER "/tsan"
#else
#define CITYBRIDGE_SANITIZER ""
#endif
#define CITYBRIDGE_BUILD_TAG                                                                 \
    CITYBRIDGE_COMPILER "/libstdc++" CITYBRIDGE_STR(_GLIBCXX_RELEASE) "/abi" CITYBRIDGE_STR( \
        _GLIBCXX_USE_CXX11_ABI) "/c++" CITYBRIDGE_STR(__cplusplus) CITYBRIDGE_SANITIZER

class Host;
class Plugin;
struct SettingsDoc;

// Plain data. `magic` and `abi` keep their place in every version, so that a
// library of any age can be judged.
struct Manifest {
    std::uint32_t magic;
    std::uint32_t abi;
    const char* build_tag;
    const char* name;  // "asterisk"
    const char* version;
    SettingsDoc (*settings)();  // pure description; called by --describe and --check
    Plugin* (*create)(Host&);
    void (*destroy)(Plugin*);
};

}  // namespace citybridge

// The plugin's visiting card: the manifest's plain facts once more, as
// NUL-terminated strings in an ELF section of their own. The host reads it from
// the file, because to map a library already runs its static constructors.
#define CITYBRIDGE_CARD(abi_, build_, name_, version_)                                             \
    __attribute__((section(".citybridge"), used)) static constexpr char citybridge_plugin_card[] = \
        "CBRG\0abi=" abi_ "\0build=" build_ "\0name=" name_ "\0version=" version_
