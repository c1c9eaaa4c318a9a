/** The drawings of the kinds of hazards, by the code of their group. */

export const ICONS = /** @type {Record<string, string>} */ ({
  fireworks: "M12 13v8M12 9V3M8 11 4 7M16 11l4-4M8 14l-4 3M16 14l4 3M12 11h.01",
  fire: "M12 3c1 3 5 5 5 10a5 5 0 0 1-10 0c0-2 1-3 2-4 .5 1.500 1 2 2 2.500 0-3-.5-5.500 1-8.500z",
  gas: "M9 7V4h6v3M10 4h4M7 10a3 3 0 0 1 3-3h4a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-4a3 3 0 0 1-3-3zM7 14h10",
  construction: "M5 21V4h12M5 8l4-4M17 4v5M15 9h4v3h-4zM3 21h18M9 21v-5h5v5",
  traffic: "M5 17v2M19 17v2M4 17h16v-5l-2-5H6l-2 5zM4 12h16M7 14.500h.01M17 14.500h.01",
  factory: "M3 21V10l6 4v-4l6 4V4h4v17zM7 18h2M12 18h2",
  public: "M4 21h16M6 21V7l6-4 6 4v14M10 11h.01M14 11h.01M10 15h.01M14 15h.01M11 21v-3h2v3",
  other: "M12 12m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.4-1 .9-1 1.700M12 17h.01",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 13m-3.500 0a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0",
  place: "M12 21c4-5 7-8 7-11.500a7 7 0 0 0-14 0C5 13 8 16 12 21zM12 9.500m-2.500 0a2.500 2.500 0 1 0 5 0a2.500 2.500 0 1 0-5 0",
});
