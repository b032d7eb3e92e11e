#include "core/host/plugin_card.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "core/api/plugin.h"
#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

using std::string_literals::operator""s;

Result<PluginCard> read_bytes(std::string_view file) {
    return read_card([&](std::uint64_t offset, std::span<char> out) {
        if (offset > file.size() || file.size() - offset < out.size()) return false;
        std::copy_n(file.data() + offset, out.size(), out.data());
        return true;
    });
}

const std::string& good_library() {
    static const std::string bytes = test::read_all(BROKEN_PLUGINS "/well_behaved.so");
    return bytes;
}

TEST(PluginCardTest, IsReadFromALibrarysFile) {
    const auto card = read_bytes(good_library());
    ASSERT_TRUE(card) << card.error().detail;
    EXPECT_EQ(card->abi, kAbiVersion);
    EXPECT_EQ(card->build, CITYBRIDGE_BUILD_TAG);
    EXPECT_EQ(card->name, "well_behaved");
    EXPECT_EQ(card->version, "1.2.3");
}

TEST(PluginCardTest, EveryTruncatedLibraryIsRefused) {
    const auto& whole = good_library();
    ASSERT_GT(whole.size(), 10'000U);
    // At the file's end stands the section table or a section, so no shorter file is whole.
    for (std::size_t size = 0; size < whole.size(); size += size < 4096 ? 1 : 997) {
        const auto card = read_bytes(std::string_view(whole).substr(0, size));
        ASSERT_FALSE(card) << size;
        EXPECT_EQ(card.error().code, "plugin.foreign");
    }
    EXPECT_FALSE(read_bytes(std::string_view(whole).substr(0, whole.size() - 1)));
}

TEST(PluginCardTest, NoChangedHeaderByteIsReadOutOfBounds) {
    const auto& whole = good_library();
    Elf64_Ehdr header{};
    std::memcpy(&header, whole.data(), sizeof header);
    std::string changed = whole;
    std::mt19937 random(2026);
    const auto table = static_cast<std::size_t>(header.e_shoff);
    const std::size_t table_size = std::size_t{header.e_shnum} * sizeof(Elf64_Shdr);
    for (int i = 0; i < 20'000; ++i) {
        const std::size_t at = i % 2 == 0 ? random() % sizeof header : table + random() % table_size;
        changed[at] = static_cast<char>(random());
        const auto card = read_bytes(changed);  // sanitizers watch; a card that is still found is the right one
        changed[at] = whole[at];
        if (!card) continue;
        EXPECT_EQ(card->name, "well_behaved");
    }
}

TEST(PluginCardTest, GarbageIsRefused) {
    EXPECT_EQ(read_bytes("").error().code, "plugin.foreign");
    EXPECT_NE(read_bytes("#!/bin/sh\n" + std::string(200, 'x')).error().detail.find("no"), std::string::npos);
    std::mt19937 random(1);
    for (int i = 0; i < 2'000; ++i) {
        std::string bytes =
            "\x7f"
            "ELF\x02\x01\x01"s;
        while (bytes.size() < 400) bytes += static_cast<char>(random());
        EXPECT_FALSE(read_bytes(bytes));
    }
}

TEST(PluginCardTest, OffsetsThatOverflowAreRefused) {
    std::string changed = good_library();
    const std::uint64_t huge = ~std::uint64_t{0} - 8;
    std::memcpy(changed.data() + offsetof(Elf64_Ehdr, e_shoff), &huge, sizeof huge);
    EXPECT_FALSE(read_bytes(changed));
}

TEST(PluginCardTest, AnExecutableIsNoPlugin) {
    std::string changed = good_library();
    const std::uint16_t type = ET_EXEC;
    std::memcpy(changed.data() + offsetof(Elf64_Ehdr, e_type), &type, sizeof type);
    EXPECT_NE(read_bytes(changed).error().detail.find("no shared library"), std::string::npos);
}

TEST(PluginCardTest, AnotherProcessorsLibraryIsRefused) {
    std::string changed = good_library();
    const std::uint16_t machine = EM_MIPS;
    std::memcpy(changed.data() + offsetof(Elf64_Ehdr, e_machine), &machine, sizeof machine);
    EXPECT_NE(read_bytes(changed).error().detail.find("processor"), std::string::npos);
}

TEST(PluginCardTest, FieldsAreReadExactly) {
    const auto card = parse_card("CBRG\0abi=7\0build=gcc12/x\0name=asterisk\0version=0.1.0\0\0\0"s);
    ASSERT_TRUE(card);
    EXPECT_EQ(card->abi, 7U);
    EXPECT_EQ(card->build, "gcc12/x");
    EXPECT_EQ(card->name, "asterisk");
    EXPECT_EQ(card->version, "0.1.0");
}

TEST(PluginCardTest, CardsThatAreNotWholeOrNotSaneAreRefused) {
    const std::string cards[] = {
        "",
        "CBRG",
        "XXXX\0abi=1\0build=b\0name=n\0version=1\0"s,
        "CBRG\0abi=1\0build=b\0name=n\0version=1"s,                                 // last field without its end
        "CBRG\0abi=1\0build=b\0name=n\0"s,                                          // a field missing
        "CBRG\0abi=1\0name=n\0build=b\0version=1\0"s,                               // other order
        "CBRG\0abi=x\0build=b\0name=n\0version=1\0"s,                               // no number
        "CBRG\0abi=99999999999\0build=b\0name=n\0version=1\0"s,                     // too large
        "CBRG\0abi=-1\0build=b\0name=n\0version=1\0"s,                              // negative
        "CBRG\0abi=1\0build=\0name=n\0version=1\0"s,                                // empty
        "CBRG\0abi=1\0build=b\0name=n\nm\0version=1\0"s,                            // would break a log line
        "CBRG\0abi=1\0build=b\0name=n\0version=1\0CBRG\0abi=2\0"s,                  // two cards
        "CBRG\0abi=1\0build=b\0name="s + std::string(300, 'n') + "\0version=1\0"s,  // endless
    };
    for (const auto& card : cards) EXPECT_FALSE(parse_card(card)) << testing::PrintToString(card);
}

}  // namespace
}  // namespace citybridge
