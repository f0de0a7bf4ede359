# The build id in the engine's hello: version plus commit, so that an app meets an engine of another build knowingly.
find_package(Git QUIET)
set(SLIPWAY_COMMIT unknown)
if(GIT_FOUND)
    execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --short=12 HEAD WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
        OUTPUT_VARIABLE SLIPWAY_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT SLIPWAY_COMMIT)
    set(SLIPWAY_COMMIT unknown)
endif()
configure_file(${PROJECT_SOURCE_DIR}/resources/cmake/BuildId.h.in ${PROJECT_BINARY_DIR}/generated/BuildId.h @ONLY)
