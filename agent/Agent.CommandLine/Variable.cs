namespace Agent.CommandLine;

/// <summary>An environment variable for the program that is started.</summary>
/// <remarks>A class: lists of it are compiled ahead of time.</remarks>
sealed record Variable(string Name, string Value);
