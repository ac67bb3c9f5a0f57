// Rules for overrides/assets/css. Each is here because it catches a mistake or keeps a promise; none is on by default alone.

/** Which colours a sheet may name itself: every other sheet takes them from these, so that both themes have them. */
const COLOURS = ["**/tokens.css", "**/code.css", "**/print.css"];

/** @type {import("stylelint").Config} */
export default {
  reportDescriptionlessDisables: true,
  reportInvalidScopeDisables: true,
  reportNeedlessDisables: true,
  rules: {
    // Mistakes
    "at-rule-no-unknown": true,
    "block-no-empty": true,
    "color-no-invalid-hex": true,
    "comment-no-empty": true,
    "custom-property-no-missing-var-function": true,
    "declaration-block-no-duplicate-custom-properties": true,
    "declaration-block-no-duplicate-properties": true,
    "declaration-block-no-shorthand-property-overrides": true,
    "declaration-property-value-no-unknown": true,
    "font-family-no-duplicate-names": true,
    "function-calc-no-unspaced-operator": true,
    "keyframe-block-no-duplicate-selectors": true,
    "keyframe-declaration-no-important": true,
    "media-feature-name-no-unknown": true,
    "media-feature-name-value-no-unknown": true,
    "media-query-no-invalid": true,
    "named-grid-areas-no-invalid": true,
    "no-duplicate-at-import-rules": true,
    "no-duplicate-selectors": true,
    "no-empty-source": true,
    "no-invalid-double-slash-comments": true,
    "no-invalid-position-at-import-rule": true,
    "no-unknown-animations": true,
    "property-no-unknown": true,
    "selector-anb-no-unmatchable": true,
    "selector-pseudo-class-no-unknown": true,
    "selector-pseudo-element-no-unknown": true,
    "selector-type-no-unknown": [true, { ignore: ["custom-elements"] }],
    "string-no-newline": true,
    "syntax-string-no-invalid": true,
    "unit-no-unknown": true,

    // Promises: both themes, both directions of writing, no other host, nothing that cannot be overridden
    "at-rule-disallowed-list": ["charset"],
    "color-named": "never",
    "color-no-hex": true,
    "declaration-no-important": true,
    "function-url-scheme-disallowed-list": ["/^https?$/", "data"],
    "property-disallowed-list": [
      [
        "/^(?:margin|padding|border|inset)-(?:top|right|bottom|left)/",
        "width",
        "height",
        "/^(?:min|max)-(?:width|height)$/",
      ],
      { message: "Say it by the direction of writing: inline-size, margin-block-start, …" },
    ],
    "declaration-property-value-disallowed-list": { "text-align": ["left", "right"], float: ["left", "right"] },
    "selector-max-id": 0,

    // One way to write it
    "alpha-value-notation": "number",
    "color-function-notation": "modern",
    "color-hex-length": "short",
    "custom-property-pattern": "^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$",
    "declaration-block-single-line-max-declarations": 1,
    "function-name-case": "lower",
    "function-url-quotes": "always",
    "import-notation": "string",
    "keyframes-name-pattern": "^[a-z]+(?:-[a-z]+)*$",
    "length-zero-no-unit": [true, { ignore: ["custom-properties"], ignoreFunctions: ["clamp", "calc"] }],
    "media-feature-range-notation": "context",
    "selector-attribute-quotes": "always",
    "selector-class-pattern": [
      "^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:__[a-z0-9]+(?:-[a-z0-9]+)*)?(?:--[a-z0-9]+(?:-[a-z0-9]+)*)?$",
      { message: "Name it block__part--kind, in lower case." },
    ],
    "selector-not-notation": "complex",
    "selector-pseudo-element-colon-notation": "double",
    "selector-type-case": "lower",
    "shorthand-property-no-redundant-values": true,
    "unit-allowed-list": ["rem", "em", "%", "vw", "dvh", "fr", "deg", "s", "px", "pt", "mm"],
    "value-keyword-case": ["lower", { ignoreKeywords: ["A4"], ignoreProperties: ["/^--/"] }],
  },
  overrides: [
    { files: COLOURS, rules: { "color-no-hex": null } },
    // What is hidden stays hidden, whatever else is said of it.
    { files: ["**/base.css"], rules: { "declaration-no-important": null } },
    // A marker's yellow is the same in every accent, and what is marked stays marked within a link.
    { files: ["**/late/highlights.css"], rules: { "color-no-hex": null } },
  ],
};
