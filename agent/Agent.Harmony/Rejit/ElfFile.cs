using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HarmonyLib.Rejit;

/// <summary>
/// Looks at a Linux library before it is loaded: the loader maps what the headers promise, and a file that ends before that kills the
/// process with SIGBUS instead of an error.
/// </summary>
static class ElfFile
{
    /// <exception cref="HarmonyException">It is not a whole library for this processor.</exception>
    public static void Check(string path)
    {
        var header = new byte[64];
        long length;
        try
        {
            using var file = File.OpenRead(path);
            length = file.Length;
            file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HarmonyException($"{path} cannot be read: {e.Message}", e);
        }
        if (!header.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8)) // 64 bits, little-endian
            throw new HarmonyException($"{path} is damaged: it is not a 64-bit ELF library");
        ushort Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(at));
        var machine = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 62, Architecture.Arm64 => 183, _ => 0 };
        if (Short(18) != machine)
            throw new HarmonyException($"{path} is for another processor (ELF machine {Short(18)}), this process is {RuntimeInformation.ProcessArchitecture}");
        // The table of sections is the last thing in the file.
        var end = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(40)) + Short(58) * Short(60);
        if (length < end)
            throw new HarmonyException($"{path} is damaged: it has {length} bytes instead of {end}");
    }
}
