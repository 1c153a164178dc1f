using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text;

namespace HarmonyLib.Tests;

/// <summary>
/// What a native library needs and offers: as much of ELF, Mach-O and PE, 64 bits, little-endian, as the tests want to know,
/// so that libraries for other systems can be looked at too.
/// </summary>
sealed record NativeFile(uint Machine, IReadOnlyList<string> Exports, IReadOnlyList<string> Imports, IReadOnlyList<string> Dependencies, IReadOnlyList<uint> Commands)
{
    public static NativeFile ReadElf(byte[] file)
    {
        var reader = new Reader(file);
        Assert.AreEqual(0x464C457Fu, reader.U32(0), "ELF magic");
        Assert.AreEqual(0x0102, reader.U16(4), "64 bits, little-endian");
        Assert.AreEqual(3, reader.U16(16), "a shared library");
        var sections = Enumerable.Range(0, reader.U16(60)).Select(i => reader.Int(40) + i * reader.U16(58)).ToList();
        int Content(int section) => reader.Int(section + 24);
        int Size(int section) => reader.Int(section + 32);
        int Section(uint type) => sections.Single(section => reader.U32(section + 4) == type);
        int StringsOf(int section) => Content(sections[(int)reader.U32(section + 40)]);

        var (exports, imports, dependencies) = (new List<string>(), new List<string>(), new List<string>());
        var symbols = Section(11); // SHT_DYNSYM
        for (var at = Content(symbols); at < Content(symbols) + Size(symbols); at += 24)
        {
            var isLocal = file[at + 4] >> 4 == 0; // the first one, which is empty, and what some linkers leave there of sections
            if (!isLocal)
                (reader.U16(at + 6) == 0 ? imports : exports).Add(reader.Text(StringsOf(symbols) + (int)reader.U32(at)));
        }
        var dynamic = Section(6); // SHT_DYNAMIC
        for (var at = Content(dynamic); at < Content(dynamic) + Size(dynamic); at += 16)
        {
            if (reader.Int(at) == 1) // DT_NEEDED
                dependencies.Add(reader.Text(StringsOf(dynamic) + reader.Int(at + 8)));
        }
        return new NativeFile(reader.U16(18), exports, imports, dependencies, []);
    }

    public static NativeFile ReadMachO(byte[] file)
    {
        var reader = new Reader(file);
        Assert.AreEqual(0xFEEDFACFu, reader.U32(0), "Mach-O magic");
        Assert.AreEqual(6u, reader.U32(12), "a dynamic library");
        var (exports, imports, dependencies, commands) = (new List<string>(), new List<string>(), new List<string>(), new List<uint>());
        var at = 32;
        for (var i = reader.U32(16); i > 0; i--)
        {
            var command = reader.U32(at) & 0x7FFFFFFF; // without "dyld must know it"
            commands.Add(command);
            if (command == LoadDylib)
                dependencies.Add(reader.Text(at + (int)reader.U32(at + 8)));
            if (command == 2) // LC_SYMTAB
            {
                var (symbols, count, strings) = ((int)reader.U32(at + 8), reader.U32(at + 12), (int)reader.U32(at + 16));
                for (var symbol = symbols; symbol < symbols + count * 16; symbol += 16)
                {
                    var type = file[symbol + 4];
                    var isExternal = (type & 0xF1) == 1; // N_EXT, and neither private nor for the debugger
                    if (isExternal)
                        ((type & 0x0E) == 0 ? imports : exports).Add(WithoutUnderscore(reader.Text(strings + (int)reader.U32(symbol))));
                }
            }
            at += (int)reader.U32(at + 4);
        }
        return new NativeFile(reader.U32(4), exports, imports, dependencies, commands);
    }

    public static NativeFile ReadPe(byte[] file)
    {
        var pe = new PEReader([.. file]);
        var headers = pe.PEHeaders;
        Assert.IsTrue(headers.IsDll);
        Assert.AreEqual(0, headers.PEHeader!.AddressOfEntryPoint, "no code at load");
        var reader = new Reader(file);
        int At(uint rva) => headers.TryGetDirectoryOffset(new DirectoryEntry((int)rva, 0), out var offset) ? offset : throw new AssertFailedException($"no section has {rva:x}");
        var (exports, imports, dependencies) = (new List<string>(), new List<string>(), new List<string>());
        var export = At((uint)headers.PEHeader.ExportTableDirectory.RelativeVirtualAddress);
        for (var i = 0; i < reader.U32(export + 24); i++)
            exports.Add(reader.Text(At(reader.U32(At(reader.U32(export + 32)) + i * 4))));
        for (var import = At((uint)headers.PEHeader.ImportTableDirectory.RelativeVirtualAddress); reader.U32(import + 12) != 0; import += 20)
        {
            dependencies.Add(reader.Text(At(reader.U32(import + 12))));
            for (var name = At(reader.U32(import)); reader.U32(name) != 0; name += 8)
                imports.Add(reader.Text(At(reader.U32(name)) + 2));
        }
        return new NativeFile((uint)headers.CoffHeader.Machine, exports, imports, dependencies, []);
    }

    /// <summary>Names of C functions have one on macOS.</summary>
    static string WithoutUnderscore(string name) => name.StartsWith('_') ? name[1..] : name;

    public const uint LoadDylib = 0xC, Uuid = 0x1B, CodeSignature = 0x1D;

    sealed class Reader(byte[] file)
    {
        public ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));
        public uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));
        public int Int(int at) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at)));
        public string Text(int at) => Encoding.UTF8.GetString(file.AsSpan(at)[..file.AsSpan(at).IndexOf((byte)0)]);
    }
}
