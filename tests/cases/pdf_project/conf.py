project = '样书 <&"#$\\'
author = "某人"
language = "zh_CN"
extensions = ["myst_parser", "sphinx_design", "converter.sphinx_ext"]
myst_enable_extensions = ["colon_fence", "attrs_block", "attrs_inline", "deflist", "dollarmath"]
myst_ref_domains = ["std"]
smartquotes = False
highlight_language = "none"
