"""The main job, end to end: the started command, real tokens, real HTTP over loopback."""
