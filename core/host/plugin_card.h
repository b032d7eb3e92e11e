#pragma once
// Reads a plugin's card (CITYBRIDGE_CARD in core/api/plugin.h) from the bytes
// of its ELF file, without mapping it. The bytes are untrusted: anything may
// be in the plugin folder. Pure: no file, no loader.
// Source of the layout: System V ABI, ELF-64 object file format.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge {

struct PluginCard {
    std::uint32_t abi = 0;
    std::string build;
    std::string name;
    std::string version;
};

// Fills `out` from `offset` of the file; false if the file has not that many bytes.
using ReadBytes = std::function<bool(std::uint64_t offset, std::span<char> out)>;

// Error code "plugin.foreign": no ELF-64 shared library of this machine, a damaged one, or one without a card.
// The detail is the reason only; the caller knows the path.
Result<PluginCard> read_card(const ReadBytes& read);

// The content of the section. Nothing unless every field is there once and sane.
std::optional<PluginCard> parse_card(std::string_view bytes);

}  // namespace citybridge
