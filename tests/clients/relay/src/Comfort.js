// What a headset shows before a session. A document has one purpose, so each screen has a query of its own.
import { graphql } from 'relay-runtime';

export const turning = graphql`
  fragment Comfort_turning on Comfort {
    turning { outcome value withheld { reasons } }
  }
`;

export const query = graphql`
  query ComfortQuery {
    me(purpose: "personalize.system.comfort") {
      id
      comfort { ...Comfort_turning }
    }
  }
`;

export const calibration = graphql`
  query ComfortCalibrationQuery {
    me(purpose: "personalize.system.calibration") {
      id
      body { heightCm { outcome value withheld { reasons } } }
    }
  }
`;
