namespace Agent.Viewer.Storage;

/// <summary>What became of a request's spans.</summary>
/// <param name="Accepted">How many were taken; those that had come before count.</param>
/// <param name="Rejected">How many were refused.</param>
/// <param name="Message">Why some were refused, or what of them was cut; empty if all is well.</param>
public sealed record AcceptedSpans(int Accepted, int Rejected, string Message);
