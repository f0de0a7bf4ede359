# The rules of the language in one place, and the functions by which a folder declares its module and its tests.

add_library(project_options INTERFACE)
target_include_directories(project_options INTERFACE ${PROJECT_SOURCE_DIR}) # "engine/run/PipelineRun.h", always from the root
target_compile_definitions(project_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_JAVA_STYLE_ITERATORS QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_USE_QSTRINGBUILDER
    QT_STRICT_ITERATORS QT_DISABLE_DEPRECATED_BEFORE=0x060400)
target_compile_options(project_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    -Wold-style-cast -Wcast-qual -Wconversion -Wno-sign-conversion -Wundef>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 takes the storage of an empty std::optional for an uninitialised variable as soon as it optimises.
    target_compile_options(project_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
endif()
target_link_libraries(project_options INTERFACE Threads::Threads)

if(SANITIZE)
    add_compile_options(-fsanitize=${SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${SANITIZE})
endif()
if(BUILD_FUZZERS)
    add_compile_options(-fsanitize=fuzzer-no-link) # coverage in every module; only tests/fuzz links libFuzzer's main
endif()

# add_module(<name> [NO_MOC] SOURCES <files> LINKS <targets>)
# One folder, one static library `engine_<name>`. NO_MOC spares folders without QObject two build steps.
function(add_module name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "NO_MOC" "" "SOURCES;LINKS")
    set(target engine_${name})
    add_library(${target} STATIC ${ARG_SOURCES})
    target_link_libraries(${target} PUBLIC ${ARG_LINKS} PRIVATE project_options)
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
    if(NOT ARG_NO_MOC)
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
    endif()
    set_property(GLOBAL APPEND PROPERTY SLIPWAY_MODULES ${target})
endfunction()

# add_module_tests(<module> CLASSES <TestX…> [LABEL <fast|slow>] LINKS <targets>)
# One executable per module, one ctest entry per class; `test_<module> --class TestX` runs one.
function(add_module_tests module)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "LABEL;TIMEOUT" "CLASSES;SOURCES;LINKS")
    if(NOT ARG_LABEL)
        set(ARG_LABEL fast)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set(target test_${module})
    list(TRANSFORM ARG_CLASSES APPEND .cpp OUTPUT_VARIABLE class_files)
    add_executable(${target} ${class_files} ${ARG_SOURCES})
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
    target_link_libraries(${target} PRIVATE ${ARG_LINKS} tests_support project_options)
    foreach(class IN LISTS ARG_CLASSES)
        add_test(NAME ${module}.${class} COMMAND ${target} --class ${class})
        set_tests_properties(${module}.${class} PROPERTIES
            LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
            ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TZ=UTC;LC_ALL=C.UTF-8;SLIPWAY_SOURCE_DIR=${PROJECT_SOURCE_DIR}")
    endforeach()
endfunction()

# add_gui_tests(<area> CLASSES <TestX…> [SOURCES <files>] [LINKS <targets>])
# Tests of an area of the designer: a QApplication without a display, in the light theme, under the watchdog.
function(add_gui_tests area)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TIMEOUT" "CLASSES;SOURCES;LINKS")
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_module_tests(designer_${area}
        CLASSES ${ARG_CLASSES} SOURCES ${ARG_SOURCES} TIMEOUT ${ARG_TIMEOUT} LABEL gui LINKS tests_support_gui ${ARG_LINKS})
endfunction()
