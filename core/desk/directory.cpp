#include "core/desk/directory.h"

#include <algorithm>
#include <filesystem>

#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

class DirectoryReader {
public:
    explicit DirectoryReader(Problems& problems) : problems_(problems) {}

    void read(const XmlFile& file) {
        XmlElement root(file, file.root(), problems_);
        if (root.name() != "directory")
            return root.problem("", "a directory's file holds one <directory>, not <" + std::string(root.name()) + ">");
        root.finish();
        for (const auto& child : children(file.root())) entry(file, child);
    }
    std::vector<DirectoryEntry> take() { return std::move(entries_); }

private:
    void entry(const XmlFile& file, pugi::xml_node node) {
        XmlElement xml(file, node, problems_);
        if (xml.name() != "entry")
            return xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; use <entry>");
        DirectoryEntry out;
        out.where = xml.where();
        out.name = xml.word("name");
        out.title = xml.text("title");
        out.business = xml.text("business", false);
        out.product = xml.text("product", false);
        out.function = xml.text("function", false);
        out.city = xml.text("city", false);
        xml.finish();
        for (const auto& child : children(node)) person(file, child, out);
        if (out.people.empty())
            xml.problem("", "entry \"" + out.name + "\" names nobody; add <person name=\"...\" mobile=\"...\"/>");
        for (const DirectoryEntry& other : entries_)
            if (other.name == out.name && other.city == out.city)
                xml.problem("name", "entry \"" + out.name + "\" is defined for this city in " + other.where.file + ":" +
                                        std::to_string(other.where.line) + " already; rename or remove one");
        entries_.push_back(std::move(out));
    }

    void person(const XmlFile& file, pugi::xml_node node, DirectoryEntry& entry) {
        XmlElement xml(file, node, problems_);
        if (xml.name() != "person")
            return xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; use <person>");
        Person out;
        out.where = xml.where();
        out.name = xml.text("name");
        out.office = number(xml, "office");
        out.mobile = number(xml, "mobile");
        out.email = xml.text("email", false);
        if (!out.email.empty() && !is_email(out.email))
            xml.problem("email", "\"" + out.email + "\" is no e-mail address such as li@example.com");
        out.user = xml.text("user", false);
        out.from = day(xml, "from");
        out.until = day(xml, "until");
        if (out.from && out.until && *out.until < *out.from)
            xml.problem("until", "until is before from; give the last day on which he answers");
        if (out.office.empty() && out.mobile.empty() && out.email.empty() && out.user.empty())
            xml.problem("", "nobody can reach him; give office, mobile, email or user");
        xml.finish();
        entry.people.push_back(std::move(out));
    }

    std::string number(XmlElement& xml, std::string_view name) {
        std::string text = xml.text(name, false);
        if (!text.empty() && !is_phone(text))
            xml.problem(name, "\"" + text + "\" is no telephone number of 3 to 20 digits");
        return text;
    }

    std::optional<LocalDay> day(XmlElement& xml, std::string_view name) {
        const std::string text = xml.text(name, false);
        const auto parsed = text.empty() ? std::nullopt : day_of(text);
        if (!text.empty() && !parsed)
            xml.problem(name, std::string(name) + " must be a date such as 2026-10-01, not \"" + text + "\"");
        return parsed;
    }

    Problems& problems_;
    std::vector<DirectoryEntry> entries_;
};

}  // namespace

Directory::Directory(std::vector<DirectoryEntry> entries) : entries_(std::move(entries)) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        by_name_.emplace(std::pair{entries_[i].name, entries_[i].city}, i);
        for (std::size_t j = 0; j < entries_[i].people.size(); ++j)
            if (!entries_[i].people[j].user.empty()) by_user_.emplace(entries_[i].people[j].user, std::pair{i, j});
    }
}

const DirectoryEntry* Directory::find(std::string_view name, std::string_view city) const {
    auto it = by_name_.find(std::pair{std::string(name), std::string(city)});
    if (it == by_name_.end()) it = by_name_.find(std::pair{std::string(name), std::string()});
    return it == by_name_.end() ? nullptr : &entries_[it->second];
}

const Person* Directory::of_user(std::string_view user) const {
    const auto it = by_user_.find(user);
    return it == by_user_.end() ? nullptr : &entries_[it->second.first].people[it->second.second];
}

Directory load_directory(const std::string& dir, Problems& problems) {
    std::error_code error;
    if (!std::filesystem::exists(dir, error)) return {};
    std::vector<std::string> paths;
    for (auto it = std::filesystem::directory_iterator(dir, error);
         !error && it != std::filesystem::directory_iterator(); it.increment(error))
        if (it->path().extension() == ".xml") paths.push_back(it->path().string());
    if (error) problems.push_back({{dir, 1, 1}, "cannot read the folder of the directory: " + error.message()});
    std::sort(paths.begin(), paths.end());
    DirectoryReader reader(problems);
    for (const std::string& path : paths)
        if (const auto file = XmlFile::read(path, std::nullopt, problems)) reader.read(*file);
    return Directory(reader.take());
}

Directory parse_directory(const std::string& shown, std::string text, Problems& problems) {
    DirectoryReader reader(problems);
    if (const auto file = XmlFile::parse(shown, std::move(text), problems)) reader.read(*file);
    return Directory(reader.take());
}

}  // namespace citybridge::desk
