namespace Agent.Viewer.Storage;

/// <summary>Calls from one service to another: spans whose parent was sent by another service.</summary>
/// <param name="Parent">The calling service.</param>
/// <param name="Child">The called service.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="Errors">How many of them ended with the status Error at the called service.</param>
/// <param name="MedianNano">The median duration at the called service, in nanoseconds.</param>
public sealed record Dependency(string Parent, string Child, int Calls, int Errors, ulong MedianNano);
