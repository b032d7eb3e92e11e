#include "core/host/xml_file.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/api/text.h"

namespace citybridge {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

bool is_forbidden(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\r' && c != '\n';
}

bool is_utf8_name(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text.empty() || text == "utf-8" || text == "us-ascii";
}

}  // namespace

std::unique_ptr<XmlFile> XmlFile::read(const std::string& path, const std::optional<Position>& asked_at,
                                       Problems& problems) {
    const Position place = asked_at.value_or(Position{path, 1, 1});
    const auto refuse = [&](const std::string& why) {
        problems.push_back({place, "cannot read " + path + ": " + why});
        return nullptr;
    };
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        return refuse(error ? error.message() : std::string("it is no regular file"));
    const auto size = std::filesystem::file_size(path, error);
    if (error) return refuse(error.message());
    if (size > kMaxBytes)
        return refuse("it is longer than " + std::to_string(kMaxBytes) +
                      " bytes; split it with <include file=\"...\"/>");
    std::ifstream file(path, std::ios::binary);
    if (!file) return refuse(std::generic_category().message(errno));
    std::string text(size, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return parse(path, std::move(text), problems);
}

std::unique_ptr<XmlFile> XmlFile::parse(const std::string& shown, std::string text, Problems& problems) {
    std::unique_ptr<XmlFile> file(new XmlFile(shown, std::move(text)));
    if (!file->load(problems)) return nullptr;
    return file;
}

XmlFile::XmlFile(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
    // Dropped here and not by the parser, so that its offsets are ours.
    if (text_.starts_with(kByteOrderMark)) text_.erase(0, kByteOrderMark.size());
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i)
        if (text_[i] == '\n') line_starts_.push_back(i + 1);
}

Position XmlFile::at(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    const std::size_t start = *(next - 1);
    const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    const auto characters = std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(start),
                                          text_.begin() + static_cast<std::ptrdiff_t>(offset), is_first_byte);
    return {name_, static_cast<int>(next - line_starts_.begin()), static_cast<int>(characters) + 1};
}

Position XmlFile::where(pugi::xml_node element) const {
    const std::ptrdiff_t offset = std::max<std::ptrdiff_t>(element.offset_debug(), 0);
    const auto start = static_cast<std::size_t>(offset);
    if (element.type() == pugi::node_element && start > 0) return at(start - 1);
    return at(text_.find_first_not_of(" \t\r\n", start));
}

Position XmlFile::where(pugi::xml_attribute attribute) const {
    return at(static_cast<std::size_t>(attribute.name() - buffer_.data()));
}

bool XmlFile::check_bytes(Problems& problems) const {
    const auto bad = std::find_if(text_.begin(), text_.end(), is_forbidden);
    if (bad != text_.end()) {
        problems.push_back({at(static_cast<std::size_t>(bad - text_.begin())),
                            "a control character; the file must be plain UTF-8 text"});
        return false;
    }
    if (is_utf8(text_)) return true;
    for (std::size_t line = 0; line < line_starts_.size(); ++line) {
        const std::size_t end = line + 1 < line_starts_.size() ? line_starts_[line + 1] : text_.size();
        const std::string_view bytes = std::string_view(text_).substr(line_starts_[line], end - line_starts_[line]);
        if (is_utf8(bytes)) continue;
        problems.push_back({at(line_starts_[line]), "this line is not UTF-8; save the file as UTF-8"});
        break;
    }
    return false;
}

bool XmlFile::load(Problems& problems) {
    if (!check_bytes(problems)) return false;
    // The parser ends an in-place buffer over its last byte: that must not be a byte of the text.
    buffer_ = text_ + '\n';
    // parse_fragment: text outside the root is then seen here instead of silently dropped.
    const unsigned flags = pugi::parse_default | pugi::parse_doctype | pugi::parse_declaration | pugi::parse_fragment;
    const auto parsed = document_.load_buffer_inplace(buffer_.data(), buffer_.size(), flags, pugi::encoding_utf8);
    if (!parsed) {
        problems.push_back({at(static_cast<std::size_t>(std::max<std::ptrdiff_t>(parsed.offset, 0))),
                            std::string("no well-formed XML: ") + parsed.description()});
        return false;
    }
    return check_shape(problems);
}

bool XmlFile::check_shape(Problems& problems) {
    const std::size_t before = problems.size();
    for (const auto node : document_.children()) {
        switch (node.type()) {
            case pugi::node_element:
                if (root_) problems.push_back({where(node), "a second root element; there must be one only"});
                if (!root_) root_ = node;
                break;
            case pugi::node_doctype:
                problems.push_back({at(0), "a document type is not allowed here; remove <!DOCTYPE ...>"});
                break;
            case pugi::node_declaration:
                if (!is_utf8_name(node.attribute("encoding").value()))
                    problems.push_back({at(0), "the file must be UTF-8; convert it and declare encoding=\"UTF-8\""});
                break;
            default:
                if (!is_blank(node.value())) problems.push_back({where(node), "text outside the root element"});
        }
    }
    if (!root_ && problems.size() == before) problems.push_back({at(text_.size()), "there is no root element"});
    return problems.size() == before;
}

}  // namespace citybridge
