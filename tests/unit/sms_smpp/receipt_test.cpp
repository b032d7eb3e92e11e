// Texts after SMPP 3.4, appendix B, and as centres vary it.
#include <gtest/gtest.h>

#include "tests/unit/sms_smpp/centre.h"

namespace citybridge::sms_smpp {
namespace {

std::optional<Receipt> read(std::string_view body, ReceiptIds ids = ReceiptIds::same) {
    const auto delivered = read_deliver_sm(body);
    EXPECT_TRUE(delivered);
    return delivered ? read_receipt(*delivered, ids) : std::nullopt;
}

TEST(SmppReceipt, KnowsTheStatesOfTheSpecification) {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"DELIVRD", "delivered"}, {"EXPIRED", "expired"},  {"DELETED", "undelivered"}, {"UNDELIV", "undelivered"},
        {"ACCEPTD", "accepted"},  {"ENROUTE", "accepted"}, {"UNKNOWN", "unknown"},     {"REJECTD", "rejected"},
        {"delivrd", "delivered"}, {"MK:0001", "unknown"}};
    for (const auto& [word, state] : rows) {
        const auto receipt = read(deliver_body(4, receipt_text("0123456789", word)));
        ASSERT_TRUE(receipt) << word;
        EXPECT_EQ(receipt->id, "0123456789");
        EXPECT_EQ(receipt->state, state) << word;
        EXPECT_EQ(receipt->word, word);
        EXPECT_EQ(receipt->error, "000");
        EXPECT_EQ(receipt->done_at, "2611220906");
    }
}

TEST(SmppReceipt, PrefersOptionalParameters) {
    const std::vector<std::pair<char, std::string>> rows{{1, "accepted"},    {2, "delivered"},   {3, "expired"},
                                                         {4, "undelivered"}, {5, "undelivered"}, {6, "accepted"},
                                                         {7, "unknown"},     {8, "rejected"},    {99, "unknown"}};
    for (const auto& [number, state] : rows) {
        const auto receipt = read(deliver_body(4, receipt_text("1", "DELIVRD"),
                                               tlv(0x001E, "a1" + zero()) + tlv(0x0427, std::string(1, number))));
        ASSERT_TRUE(receipt);
        EXPECT_EQ(receipt->id, "a1");
        EXPECT_EQ(receipt->state, state);
    }
}

TEST(SmppReceipt, IsNeverWhatAPersonWrote) {
    EXPECT_FALSE(read(deliver_body(0, receipt_text("1", "DELIVRD"))));
    EXPECT_FALSE(read(deliver_body(0x40, zero() + receipt_text("1", "DELIVRD"))));
    EXPECT_FALSE(read(deliver_body(4, "hello")));
    EXPECT_TRUE(read(deliver_body(0, "", tlv(0x001E, "a1" + zero()))));
}

TEST(SmppReceipt, BringsHexadecimalAndDecimalIdsTogether) {
    struct Row {
        ReceiptIds ids;
        std::string submitted;
        std::string in_receipt;
    };
    for (const Row& row :
         {Row{ReceiptIds::same, "00Af", "00Af"}, Row{ReceiptIds::decimal, "00AF", "175"},
          Row{ReceiptIds::decimal, "0xaf", "0000000175"}, Row{ReceiptIds::hexadecimal, "175", "AF"},
          Row{ReceiptIds::hexadecimal, "0175", "000000af"}, Row{ReceiptIds::decimal, "not-a-number", "not-a-number"}}) {
        const auto receipt = read(deliver_body(4, receipt_text(row.in_receipt, "DELIVRD")), row.ids);
        ASSERT_TRUE(receipt);
        EXPECT_EQ(receipt->id, submitted_id(row.submitted, row.ids)) << row.submitted;
        // The optional parameter is as the submit's answer was (5.3.2.12).
        const auto by_tlv = read(deliver_body(4, "", tlv(0x001E, row.submitted + zero())), row.ids);
        EXPECT_EQ(by_tlv->id, submitted_id(row.submitted, row.ids));
    }
}

TEST(SmppReceipt, IsReadInUcs2AndBehindAHeader) {
    std::string wide;
    for (const char c : receipt_text("7", "DELIVRD")) wide += zero() + c;
    const auto ucs2 = read(deliver_body(4, wide, {}, 8));
    ASSERT_TRUE(ucs2);
    EXPECT_EQ(ucs2->id, "7");
    const auto headed = read(deliver_body(0x44, std::string("\x01\x00", 2) + receipt_text("8", "EXPIRED")));
    ASSERT_TRUE(headed);
    EXPECT_EQ(headed->id, "8");
}

TEST(SmppPartBook, TellsAMessageDeliveredWhenAllItsPartsAre) {
    PartBook book;
    book.note("m", {"1", "2", "3"});
    EXPECT_EQ(book.receipt("2", "delivered").state, "accepted");
    EXPECT_EQ(book.receipt("2", "delivered").state, "accepted");
    EXPECT_EQ(book.receipt("1", "accepted").state, "accepted");
    EXPECT_EQ(book.receipt("3", "delivered").state, "accepted");
    const auto last = book.receipt("1", "delivered");
    EXPECT_EQ(last.state, "delivered");
    EXPECT_EQ(last.external_id, "3");
    EXPECT_EQ(last.message, "m");
    EXPECT_EQ(book.receipt("1", "undelivered").state, "undelivered");
}

TEST(SmppPartBook, ForgetsTheOldestAndStillReports) {
    PartBook book(2);
    book.note("m", {"1", "2"});
    book.note("n", {"3"});
    const auto forgotten = book.receipt("1", "delivered");
    EXPECT_EQ(forgotten.external_id, "1");
    EXPECT_EQ(forgotten.message, "");
    EXPECT_EQ(forgotten.state, "delivered");
    EXPECT_EQ(book.receipt("3", "delivered").message, "n");
}

TEST(SmppPartBook, UnderstandsACentreThatGivesAllPartsOneId) {
    PartBook book;
    book.note("m", {"1", "1"});
    EXPECT_EQ(book.receipt("1", "delivered").state, "delivered");
}

}  // namespace
}  // namespace citybridge::sms_smpp
