#include "core/host/config_file.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/host/config_elements.h"

namespace citybridge {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxIncludeDepth = 8;
constexpr std::size_t kMaxFiles = 64;

bool is_city_id(std::string_view text) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto allowed = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    return !text.empty() && text.size() <= 64 && is_letter(text[0]) && std::all_of(text.begin(), text.end(), allowed);
}

class Reader {
public:
    explicit Reader(Problems& problems) : problems_(problems) {}

    NodeConfig read(const std::string& path) {
        read_file(path, {});
        return std::move(config_);
    }

private:
    void read_file(const std::string& path, const std::optional<Position>& asked_at);
    void read_root(const XmlFile& file, bool included);
    void read_element(const XmlFile& file, pugi::xml_node element);
    void read_include(const XmlFile& file, pugi::xml_node element);
    void read_section(const XmlFile& file, pugi::xml_node element);
    void read_plugin(const XmlFile& file, pugi::xml_node element);

    Problems& problems_;
    NodeConfig config_;
    std::vector<fs::path> open_files_;  // from the main file to the one being read
    std::size_t files_ = 0;
};

void Reader::read_file(const std::string& path, const std::optional<Position>& asked_at) {
    const Position place = asked_at.value_or(Position{path, 1, 1});
    std::error_code error;
    const fs::path identity = fs::weakly_canonical(path, error);
    if (std::find(open_files_.begin(), open_files_.end(), identity) != open_files_.end()) {
        problems_.push_back({place, path + " includes itself; remove one <include>"});
        return;
    }
    if (open_files_.size() > kMaxIncludeDepth || ++files_ > kMaxFiles) {
        problems_.push_back({place, "too many included files; at most " + std::to_string(kMaxFiles) +
                                        ", nested at most " + std::to_string(kMaxIncludeDepth) + " deep"});
        return;
    }
    const auto file = XmlFile::read(path, asked_at, problems_);
    if (!file) return;
    open_files_.push_back(identity);
    read_root(*file, asked_at.has_value());
    open_files_.pop_back();
}

void Reader::read_root(const XmlFile& file, bool included) {
    const auto root = file.root();
    if (std::string_view(root.name()) != "citybridge") {
        problems_.push_back(
            {file.where(root), "the root element is <" + std::string(root.name()) + ">; it must be <citybridge>"});
        return;
    }
    Attributes attributes(file, root, problems_);
    if (!included) {
        config_.where = file.where(root);
        config_.city = attributes.take_required("city");
        if (!config_.city.empty() && !is_city_id(config_.city))
            problems_.push_back({attributes.where("city"),
                                 "city \"" + config_.city +
                                     "\" must be a small letter, then small letters, digits, _ or -, at most 64"});
    } else if (!attributes.take("city").empty()) {
        problems_.push_back({attributes.where("city"), "an included file has no city; it is the main file's"});
    }
    attributes.refuse_rest();
    for_elements(file, root, problems_, [&](pugi::xml_node element) { read_element(file, element); });
}

void Reader::read_element(const XmlFile& file, pugi::xml_node element) {
    const std::string_view name = element.name();
    if (name == "include") {
        read_include(file, element);
    } else if (name == "users") {
        read_users(file, element, config_, problems_);
    } else if (name == "plugin") {
        read_plugin(file, element);
    } else if (std::find(std::begin(kSections), std::end(kSections), name) != std::end(kSections)) {
        read_section(file, element);
    } else {
        std::string known = "include, users, plugin";
        for (const auto section : kSections) known += ", " + std::string(section);
        problems_.push_back({file.where(element), "unknown element <" + std::string(name) + ">; known are " + known});
    }
}

void Reader::read_include(const XmlFile& file, pugi::xml_node element) {
    Attributes attributes(file, element, problems_);
    const std::string target = attributes.take_required("file");
    attributes.refuse_rest();
    for_elements(file, element, problems_, [&](pugi::xml_node inner) {
        problems_.push_back({file.where(inner), "<include> holds no elements"});
    });
    if (target.empty()) return;
    read_file((fs::path(file.name()).parent_path() / target).string(), attributes.where("file"));
}

void Reader::read_section(const XmlFile& file, pugi::xml_node element) {
    const Attributes attributes(file, element, problems_);
    auto settings = read_settings(file, element, attributes, problems_);
    const auto [known, is_new] = config_.sections.try_emplace(element.name(), std::move(settings));
    if (is_new) return;
    const Position& first = known->second.where;
    problems_.push_back({file.where(element), "<" + std::string(element.name()) + "> is given twice, first at " +
                                                  first.file + ':' + std::to_string(first.line) + "; keep one"});
}

void Reader::read_plugin(const XmlFile& file, pugi::xml_node element) {
    Attributes attributes(file, element, problems_);
    PluginConfig plugin;
    plugin.where = file.where(element);
    plugin.library = attributes.take_required("library");
    plugin.name = attributes.take_required("name");
    plugin.settings = read_settings(file, element, attributes, problems_);
    if (!plugin.name.empty() && !is_identifier(plugin.name))
        problems_.push_back({attributes.where("name"), "plugin name \"" + plugin.name +
                                                           "\" may hold letters, digits and . _ - @ only, at most 64"});
    const auto same = std::find_if(config_.plugins.begin(), config_.plugins.end(),
                                   [&](const PluginConfig& other) { return other.name == plugin.name; });
    if (!plugin.name.empty() && same != config_.plugins.end())
        problems_.push_back({attributes.where("name"), "plugin \"" + plugin.name + "\" is defined twice, first at " +
                                                           same->where.file + ':' + std::to_string(same->where.line) +
                                                           "; give each its own name"});
    config_.plugins.push_back(std::move(plugin));
}

}  // namespace

RawSettings section_of(const NodeConfig& config, const std::string& name) {
    const auto found = config.sections.find(name);
    return found != config.sections.end() ? found->second : RawSettings{config.where, {}};
}

NodeConfig load_config(const std::string& path, Problems& problems) { return Reader(problems).read(path); }

}  // namespace citybridge
