#pragma once
// ${file:PATH} and ${env:NAME} in a value of the configuration: secrets stay
// out of the file that is shown, copied and mailed around.
#include <string>
#include <string_view>

#include "core/api/settings.h"

namespace citybridge {

// Puts in what the references name. A file's last line end is cut off; a
// relative PATH starts at the folder of the configuration file `where`.
// Anything that cannot be read, or is empty, is a problem at `where`, whose
// message never shows content. Other "${...}" stays as it is.
std::string resolve_references(std::string_view value, const Position& where, Problems& problems);

}  // namespace citybridge
