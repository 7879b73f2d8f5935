{
  "variables": {
    "kernel_sources": ["<!@(node kernels/native/sources.js)"],
    "kernel_flags": [
      "-std=c++17", "-O3", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast",
      "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden", "-iquote../kernels", "-Wall", "-Wno-psabi", "-Wno-maybe-uninitialized", "-Wno-unknown-pragmas"
    ]
  },
  "target_defaults": {
    "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
    "cflags_cc": ["<@(kernel_flags)"],
    "xcode_settings": {
      "OTHER_CPLUSPLUSFLAGS": ["<@(kernel_flags)"],
      "MACOSX_DEPLOYMENT_TARGET": "11.0"
    },
    "defines": ["NAPI_VERSION=8"],
    "configurations": {
      "Debug": {
        "cflags_cc!": ["-O3"],
        "cflags_cc": ["-O1", "-g1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"],
        "ldflags": ["-fsanitize=address,undefined"]
      }
    }
  },
  "targets": [
    {
      "target_name": "kernels_baseline",
      "type": "static_library",
      "sources": ["<@(kernel_sources)", "kernels/native/bind.cc"],
      "defines": ["MYELIN_ISA=baseline", "MYELIN_VECTOR_BYTES=16"]
    },
    {
      "target_name": "myelin",
      "sources": ["kernels/native/addon.cc", "kernels/native/crc32.cc", "kernels/native/heap.cc", "kernels/native/runtime.cc"],
      # The baseline comes first: where two sets define the same weak symbol the linker takes the first.
      "dependencies": ["kernels_baseline"],
      "libraries": ["-lpthread"],
      "conditions": [
        ["target_arch=='x64'", {"dependencies": ["kernels_avx2", "kernels_avx512"]}],
        ["OS=='linux'", {"libraries": ["-ldl"]}]
      ]
    }
  ],
  "conditions": [
    ["target_arch=='x64'", {
      "targets": [
        {
          "target_name": "kernels_avx2",
          "type": "static_library",
          "sources": ["<@(kernel_sources)", "kernels/native/bind.cc"],
          "defines": ["MYELIN_ISA=avx2", "MYELIN_VECTOR_BYTES=32"],
          "cflags_cc": ["-mavx2", "-mfma"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["-mavx2", "-mfma"]}
        },
        {
          "target_name": "kernels_avx512",
          "type": "static_library",
          "sources": ["<@(kernel_sources)", "kernels/native/bind.cc"],
          "defines": ["MYELIN_ISA=avx512", "MYELIN_VECTOR_BYTES=64"],
          "cflags_cc": ["-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mfma", "-mprefer-vector-width=512"],
          "xcode_settings": {
            "OTHER_CPLUSPLUSFLAGS": ["-mavx512f", "-mavx512dq", "-mavx512bw", "-mavx512vl", "-mfma", "-mprefer-vector-width=512"]
          }
        }
      ]
    }]
  ]
}
