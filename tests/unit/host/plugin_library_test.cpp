#include "core/host/plugin_library.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/unit/host/test_support.h"

namespace citybridge {
namespace {

std::string error_code(const std::string& library, const std::string& folder = BROKEN_PLUGINS) {
    const auto opened = PluginLibrary::open(folder, library);
    if (opened) return "";
    EXPECT_FALSE(opened.error().detail.empty());
    return opened.error().code;
}

bool code_ran(const std::string& library) { return std::getenv(("CITYBRIDGE_TEST_RAN_" + library).c_str()) != nullptr; }

TEST(PluginLibraryTest, AGoodLibraryIsOpenedAndDescribesItself) {
    const auto library = PluginLibrary::open(BROKEN_PLUGINS, "well_behaved");
    ASSERT_TRUE(library) << library.error().detail;
    EXPECT_EQ((*library)->name(), "well_behaved");
    EXPECT_EQ((*library)->version(), "1.2.3");
    const auto doc = (*library)->settings();
    ASSERT_TRUE(doc);
    EXPECT_EQ(doc->summary, "A plugin for tests.");
    EXPECT_EQ(doc->settings.size(), 4U);
}

TEST(PluginLibraryTest, AnotherInterfaceIsRefusedBeforeAnyOfItsCodeRuns) {
    EXPECT_EQ(error_code("wrong_abi"), "plugin.abi");
    EXPECT_FALSE(code_ran("wrong_abi"));
}

TEST(PluginLibraryTest, AnotherCompilerIsRefusedBeforeAnyOfItsCodeRuns) {
    EXPECT_EQ(error_code("wrong_build"), "plugin.build");
    EXPECT_FALSE(code_ran("wrong_build"));
}

TEST(PluginLibraryTest, ALibraryWithoutCardIsRefusedBeforeAnyOfItsCodeRuns) {
    EXPECT_EQ(error_code("no_card"), "plugin.foreign");
    EXPECT_FALSE(code_ran("no_card"));
}

TEST(PluginLibraryTest, ItsCodeWouldHaveLeftATrace) {
    // The three tests above mean nothing if the libraries leave no trace when they are mapped.
    ASSERT_NE(::dlopen(BROKEN_PLUGINS "/no_card.so", RTLD_NOW | RTLD_LOCAL), nullptr);
    EXPECT_TRUE(code_ran("no_card"));
    ::unsetenv("CITYBRIDGE_TEST_RAN_no_card");
}

TEST(PluginLibraryTest, AManifestThatIsMissingOrContradictsTheCardIsRefused) {
    EXPECT_EQ(error_code("no_manifest"), "plugin.manifest");
    EXPECT_EQ(error_code("contradicts_card"), "plugin.manifest");
}

TEST(PluginLibraryTest, AMissingSymbolIsFoundWhenLoadingAndNotAtTheFirstCall) {
    const auto opened = PluginLibrary::open(BROKEN_PLUGINS, "missing_symbol");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "plugin.open");
    EXPECT_NE(opened.error().detail.find("nobody_defines_this"), std::string::npos);
}

TEST(PluginLibraryTest, AMissingFileIsAnErrorThatSaysThePath) {
    const auto opened = PluginLibrary::open("/nowhere", "asterisk");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "plugin.open");
    EXPECT_NE(opened.error().detail.find("/nowhere/asterisk.so"), std::string::npos);
}

TEST(PluginLibraryTest, FilesThatAreNoLibrariesAreRefused) {
    const test::TempFolder folder;
    const auto whole = test::read_all(BROKEN_PLUGINS "/well_behaved.so");
    folder.write("text.so", "this is no library\n");
    folder.write("empty.so", "");
    folder.write("half.so", whole.substr(0, whole.size() / 2));
    folder.write("folder.so/x", "");
    EXPECT_EQ(error_code("text", folder.path("")), "plugin.foreign");
    EXPECT_EQ(error_code("empty", folder.path("")), "plugin.foreign");
    EXPECT_EQ(error_code("half", folder.path("")), "plugin.foreign");
    EXPECT_EQ(error_code("folder", folder.path("")), "plugin.open");
}

TEST(PluginLibraryTest, ANameThatLeadsOutOfTheFolderIsRefused) {
    for (const auto* name : {"../well_behaved", "/etc/passwd", "a/b", "..", ".", "", "well_behaved.so", "a\nb"})
        EXPECT_EQ(error_code(name), "plugin.name") << name;
    EXPECT_EQ(error_code(std::string(65, 'a')), "plugin.name");
}

TEST(PluginLibraryTest, AThrowingDescriptionIsAnError) {
    const auto library = PluginLibrary::open(BROKEN_PLUGINS, "throws_in_settings");
    ASSERT_TRUE(library) << library.error().detail;
    const auto doc = (*library)->settings();
    ASSERT_FALSE(doc);
    EXPECT_EQ(doc.error().code, "plugin.exception");
}

}  // namespace
}  // namespace citybridge
