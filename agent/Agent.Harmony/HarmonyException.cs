namespace HarmonyLib;

/// <summary>A patch cannot be installed. Nothing was changed; the message names the method and the reason.</summary>
public sealed class HarmonyException : Exception
{
    /// <summary>An exception without a message; only serializers want it.</summary>
    public HarmonyException() { }

    /// <param name="message">Which method, and why not.</param>
    public HarmonyException(string message) : base(message) { }

    /// <param name="message">Which method, and why not.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public HarmonyException(string message, Exception innerException) : base(message, innerException) { }
}
