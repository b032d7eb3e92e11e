#include "core/host/plugin_card.h"

#include <elf.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <type_traits>

namespace citybridge {
namespace {

constexpr std::string_view kSectionName = ".citybridge";
constexpr std::string_view kMagic{"CBRG\0", 5};
constexpr std::size_t kMaxCardBytes = 4096;
constexpr std::size_t kMaxFieldBytes = 256;

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "name this machine's ELF number here"
#endif

Error foreign(std::string why) { return {"plugin.foreign", std::move(why)}; }

template <class T>
bool read_struct(const ReadBytes& read, std::uint64_t offset, T& out) {
    static_assert(std::is_trivially_copyable_v<T>);
    return read(offset, {reinterpret_cast<char*>(&out), sizeof out});
}

// Empty: right. Otherwise what is wrong with it.
std::string_view judge(const Elf64_Ehdr& header) {
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return "it is not an ELF file";
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
        return "it is not a 64-bit little-endian library";
    if (header.e_machine != kMachine) return "it is built for another kind of processor";
    if (header.e_type != ET_DYN) return "it is an ELF file, but no shared library";
    if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shstrndx >= header.e_shnum)
        return "its section table is missing or damaged";
    return {};
}

// Offsets come from the file: their sum may overflow.
bool section_at(const ReadBytes& read, const Elf64_Ehdr& header, std::size_t index, Elf64_Shdr& out) {
    std::uint64_t offset = 0;
    if (__builtin_add_overflow(header.e_shoff, index * sizeof(Elf64_Shdr), &offset)) return false;
    return read_struct(read, offset, out);
}

// Its last byte is there. Linkers differ in what stands at the file's end: the section table, or a section.
bool is_whole(const ReadBytes& read, const Elf64_Shdr& section) {
    if (section.sh_type == SHT_NULL || section.sh_type == SHT_NOBITS || section.sh_size == 0) return true;
    std::uint64_t last = 0;
    char byte = 0;
    return !__builtin_add_overflow(section.sh_offset, section.sh_size - 1, &last) && read(last, {&byte, 1});
}

bool has_card_name(const ReadBytes& read, const Elf64_Shdr& names, const Elf64_Shdr& section) {
    char name[kSectionName.size() + 1] = {};
    if (section.sh_name >= names.sh_size || names.sh_size - section.sh_name < sizeof name) return false;
    std::uint64_t offset = 0;
    if (__builtin_add_overflow(names.sh_offset, std::uint64_t{section.sh_name}, &offset)) return false;
    return read(offset, name) && std::string_view(name, sizeof name) == std::string_view(".citybridge\0", sizeof name);
}

bool is_sane(std::string_view value) {
    const auto printable = [](char c) { return c > ' ' && c <= '~'; };
    return !value.empty() && value.size() <= kMaxFieldBytes && std::all_of(value.begin(), value.end(), printable);
}

// "abi=1\0" at the front of `bytes`: its value, and `bytes` moves on.
std::optional<std::string_view> take_field(std::string_view& bytes, std::string_view key) {
    const auto end = bytes.find('\0');
    if (end == std::string_view::npos || !bytes.starts_with(key)) return {};
    const auto value = bytes.substr(key.size(), end - key.size());
    bytes.remove_prefix(end + 1);
    if (!is_sane(value)) return {};
    return value;
}

}  // namespace

std::optional<PluginCard> parse_card(std::string_view bytes) {
    if (!bytes.starts_with(kMagic)) return {};
    bytes.remove_prefix(kMagic.size());
    const auto abi = take_field(bytes, "abi=");
    const auto build = abi ? take_field(bytes, "build=") : std::nullopt;
    const auto name = build ? take_field(bytes, "name=") : std::nullopt;
    const auto version = name ? take_field(bytes, "version=") : std::nullopt;
    // Linkers pad with zeros; anything else means two cards, and the host could not say which counts.
    if (!version || bytes.find_first_not_of('\0') != std::string_view::npos) return {};
    PluginCard card{0, std::string(*build), std::string(*name), std::string(*version)};
    const auto [end, bad] = std::from_chars(abi->data(), abi->data() + abi->size(), card.abi);
    if (bad != std::errc{} || end != abi->data() + abi->size()) return {};
    return card;
}

Result<PluginCard> read_card(const ReadBytes& read) {
    Elf64_Ehdr header{};
    if (!read_struct(read, 0, header)) return foreign("it is too short to be a library");
    if (const auto wrong = judge(header); !wrong.empty()) return foreign(std::string(wrong));
    Elf64_Shdr names{};
    if (!section_at(read, header, header.e_shstrndx, names)) return foreign("it is cut off or damaged");
    std::optional<Elf64_Shdr> card_section;
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
        Elf64_Shdr section{};
        if (!section_at(read, header, i, section) || !is_whole(read, section))
            return foreign("it is cut off or damaged");
        const bool has_card = section.sh_type == SHT_PROGBITS && has_card_name(read, names, section);
        if (has_card && !card_section) card_section = section;
    }
    if (!card_section) return foreign("it has no .citybridge section, so it is no CityBridge plugin");
    if (card_section->sh_size > kMaxCardBytes) return foreign("its .citybridge section is too long");
    std::string bytes(card_section->sh_size, '\0');
    if (!read(card_section->sh_offset, bytes)) return foreign("it is cut off or damaged");
    if (const auto card = parse_card(bytes)) return *card;
    return foreign("its .citybridge section is not readable");
}

}  // namespace citybridge
