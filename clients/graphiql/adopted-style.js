// In place of `react-style-singleton`, which writes a style element: the page's policy has none inline.
// A style sheet that is made and adopted by script says the same, and no text becomes a style by being on the page.

import { useEffect } from "react";

export const styleSingleton = () =>
  function Adopted({ styles }) {
    useEffect(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(styles);
      document.adoptedStyleSheets.push(sheet);
      return () => {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      };
    }, [styles]);
    return null;
  };
