// Event: text/event-xml, <event><headers><NAME>value</NAME>...</headers><body/></event>.
// Values are percent-encoded, the body is not; an array is a name that is repeated.
#include <pugixml.hpp>

#include "adapters/freeswitch/event.h"

namespace citybridge::freeswitch {

Result<> Event::read_xml(std::string_view text) {
    own(true);
    repeats_are_arrays_ = true;
    pugi::xml_document document;
    // No end-of-line conversion: a body is as long as it says.
    const auto parsed =
        document.load_buffer(text.data(), text.size(), pugi::parse_default & ~pugi::parse_eol, pugi::encoding_utf8);
    const pugi::xml_node event = document.child("event");
    if (!parsed || !event)
        return Error{"freeswitch.bad_event",
                     "an event of " + std::to_string(text.size()) +
                         " bytes is not the XML it says: " + (parsed ? "no <event>" : parsed.description())};
    for (const pugi::xml_node header : event.child("headers")) {
        if (header.type() == pugi::node_element) add(header.name(), header.child_value());
    }
    owned_body_ = event.child("body").child_value();
    body_ = owned_body_;
    return ok();
}

}  // namespace citybridge::freeswitch
