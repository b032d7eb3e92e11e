#include "core/host/references.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

class ReferencesTest : public testing::Test {
protected:
    std::string resolve(const std::string& value) {
        problems_.clear();
        return resolve_references(value, {folder_.path("city.xml"), 7, 3}, problems_);
    }
    // The message of the only problem.
    std::string problem(const std::string& value) {
        resolve(value);
        EXPECT_EQ(problems_.size(), 1U) << value;
        if (problems_.empty()) return {};
        EXPECT_EQ(problems_[0].where.line, 7);
        return problems_[0].message;
    }
    test::TempFolder folder_;
    Problems problems_;
};

TEST_F(ReferencesTest, PlainTextStaysAsItIs) {
    for (const std::string text : {"", "abc", "a$b", "$", "${EXTEN}", "${EXTEN:1}", "${", "}", "${}", "${:x}"}) {
        EXPECT_EQ(resolve(text), text);
        EXPECT_TRUE(problems_.empty()) << text;
    }
}

TEST_F(ReferencesTest, AFileGivesItsContentWithoutTheLastLineEnd) {
    folder_.write("one", "s3cret\n");
    folder_.write("two", "s3cret\r\n");
    folder_.write("three", " a\nb \n\n");
    EXPECT_EQ(resolve("${file:one}"), "s3cret");
    EXPECT_EQ(resolve("${file:" + folder_.path("two") + "}"), "s3cret");
    EXPECT_EQ(resolve("${file:three}"), " a\nb \n");
    EXPECT_EQ(resolve("<${file:one}-${file:two}>"), "<s3cret-s3cret>");
    EXPECT_TRUE(problems_.empty());
}

TEST_F(ReferencesTest, ContentIsNotReadAgainAsAReference) {
    folder_.write("nested", "${env:HOME}\n");
    EXPECT_EQ(resolve("${file:nested}"), "${env:HOME}");
}

TEST_F(ReferencesTest, AVariableGivesItsValue) {
    ::setenv("CITYBRIDGE_TEST_SECRET", "from the environment", 1);
    EXPECT_EQ(resolve("${env:CITYBRIDGE_TEST_SECRET}"), "from the environment");
    EXPECT_TRUE(problems_.empty());
}

TEST_F(ReferencesTest, WhatIsMissingOrEmptyIsAProblem) {
    folder_.write("empty", "\n");
    folder_.write("long", std::string(100'000, 'x'));
    folder_.write("binary", std::string("a\0b", 3));
    ::setenv("CITYBRIDGE_TEST_EMPTY", "", 1);
    EXPECT_NE(problem("${file:missing}").find(folder_.path("missing")), std::string::npos);
    EXPECT_NE(problem("${file:empty}").find("empty"), std::string::npos);
    EXPECT_NE(problem("${file:long}").find("longer"), std::string::npos);
    EXPECT_NE(problem("${file:binary}").find("binary"), std::string::npos);
    EXPECT_NE(problem("${file:}").find("regular file"), std::string::npos);
    EXPECT_NE(problem("${env:CITYBRIDGE_TEST_NOT_SET}").find("not set"), std::string::npos);
    EXPECT_NE(problem("${env:CITYBRIDGE_TEST_EMPTY}").find("empty"), std::string::npos);
}

TEST_F(ReferencesTest, AMistypedReferenceIsAProblemAndNotASecret) {
    EXPECT_NE(problem("${fiel:/etc/secret}").find("${file:PATH}"), std::string::npos);
    EXPECT_NE(problem("${file:/etc/secret").find("closing brace"), std::string::npos);
}

}  // namespace
}  // namespace citybridge
