// RFC 9110 section 14: the examples of the standard, and what clients get wrong.
#include "core/gateway/byte_range.h"

#include <gtest/gtest.h>

#include "core/gateway/http_codec.h"

namespace citybridge::gateway {
namespace {

// "offset+length" of a representation of `size` bytes; "none": 416; "ignored": the whole is sent.
std::string part(const std::string& header, std::uint64_t size) {
    const auto range = parse_range(header);
    if (!range) return "ignored";
    const auto slice = slice_of(*range, size);
    return slice ? std::to_string(slice->offset) + '+' + std::to_string(slice->length) : "none";
}

TEST(ByteRange, the_standards_examples_of_10000_bytes) {
    EXPECT_EQ(part("bytes=0-499", 10'000), "0+500");
    EXPECT_EQ(part("bytes=500-999", 10'000), "500+500");
    EXPECT_EQ(part("bytes=-500", 10'000), "9500+500");
    EXPECT_EQ(part("bytes=9500-", 10'000), "9500+500");
    EXPECT_EQ(part("BYTES=0-0", 10'000), "0+1") << "units have no case";
}

TEST(ByteRange, ends_beyond_the_representation_are_cut) {
    EXPECT_EQ(part("bytes=9999-20000", 10'000), "9999+1");
    EXPECT_EQ(part("bytes=0-", 1), "0+1");
    EXPECT_EQ(part("bytes=-20000", 10'000), "0+10000");
    EXPECT_EQ(part("bytes=0-99999999999999999999999999", 10), "0+10");
    EXPECT_EQ(part("bytes=-99999999999999999999999999", 10), "0+10");
}

TEST(ByteRange, a_part_without_a_byte_is_unsatisfiable) {
    EXPECT_EQ(part("bytes=10000-", 10'000), "none");
    EXPECT_EQ(part("bytes=10000-10001", 10'000), "none");
    EXPECT_EQ(part("bytes=-0", 10'000), "none");
    EXPECT_EQ(part("bytes=0-", 0), "none");
    EXPECT_EQ(part("bytes=-1", 0), "none");
    EXPECT_EQ(part("bytes=18446744073709551615-", 10), "none");
    EXPECT_EQ(part("bytes=18446744073709551616-18446744073709551616", 10), "none");
}

TEST(ByteRange, what_is_no_single_range_of_bytes_is_ignored) {
    for (const char* header :
         {"", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=1-2,4-5", "bytes=1-2,", "items=0-1",
          "bytes 0-1", "bytes=0-1-2", "bytes=0x1-2", "bytes=+1-2", "bytes=1 -2", "0-1"})
        EXPECT_EQ(part(header, 100), "ignored") << header;
}

TEST(ByteRange, is_written_as_it_is_read) {
    for (const char* header : {"bytes=0-499", "bytes=-500", "bytes=9500-"})
        EXPECT_EQ(to_string(*parse_range(header)), header);
    EXPECT_EQ(content_range({500, 500}, 10'000), "bytes 500-999/10000");
    EXPECT_EQ(content_range_of_none(10'000), "bytes */10000");
}

TEST(ByteRange, if_range_compares_strongly) {
    Validators now{"\"v1\"", WallTime(Millis(784'111'777'000)), true};
    EXPECT_EQ(http_date(now.modified), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_TRUE(if_range_holds("\"v1\"", now));
    EXPECT_FALSE(if_range_holds("W/\"v1\"", now)) << "a weak tag never matches";
    EXPECT_FALSE(if_range_holds("\"v2\"", now));
    EXPECT_TRUE(if_range_holds("Sun, 06 Nov 1994 08:49:37 GMT", now));
    EXPECT_FALSE(if_range_holds("Sun, 06 Nov 1994 08:49:38 GMT", now)) << "exact, not 'not modified since'";
    EXPECT_FALSE(if_range_holds("", now));
    now.date_is_strong = false;
    EXPECT_FALSE(if_range_holds("Sun, 06 Nov 1994 08:49:37 GMT", now)) << "it may change again in that second";
    now.etag.clear();
    EXPECT_FALSE(if_range_holds("\"\"", now));
}

}  // namespace
}  // namespace citybridge::gateway
