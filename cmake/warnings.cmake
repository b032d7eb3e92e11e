add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
                    -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside inlined standard-library code (gcc bugs 105329, 105562, 108000).
  add_compile_options(-Wno-null-dereference -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overread
                      -Wno-stringop-overflow -Wno-array-bounds -Wno-dangling-pointer)
  # Thread sanitizer does not model std::atomic_thread_fence in library headers.
  add_compile_options(-Wno-tsan)
endif()
