/** A checkpoint as the API's description shows it. */
export const checkpointExample =
  'evermart/audit\n81205\nq1Yh0f0m2bXlZ0Hq0zY5Jr8m7oG3x2kP4sW6tV9uB1c=\nposition 81204\ntime 2026-03-14T09:26:50.000Z\n\n' +
  '— evermart/audit Zm9vYmFyYmF6cXV4\n';
