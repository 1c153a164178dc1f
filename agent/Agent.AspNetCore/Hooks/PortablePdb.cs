using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;
using System.Text;

namespace Agent.AspNetCore.Hooks;

/// <summary>
/// The little of a portable PDB (dotnet/runtime, docs/design/specs/PortablePdb-Metadata.md) that it takes to find where a method begins:
/// two tables and the first sequence point. System.Reflection.Metadata can do this and everything else, but loading it adds 2 MB to every
/// traced app, a fifth of what the agent may add.
/// </summary>
sealed class PortablePdb
{
    const int DocumentTable = 0x30, MethodDebugInformationTable = 0x31, CodeView = 2, Embedded = 17;

    readonly byte[] _bytes;
    readonly int _blobs, _documents, _methods, _documentRows, _methodRows, _blobIndex, _guidIndex;

    PortablePdb(byte[] bytes)
    {
        _bytes = bytes;
        var tables = Stream("#~"u8);
        _blobs = Stream("#Blob"u8);
        var heapSizes = bytes[tables + 6];
        _guidIndex = (heapSizes & 2) != 0 ? 4 : 2;
        _blobIndex = (heapSizes & 4) != 0 ? 4 : 2;
        var present = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(tables + 8));
        var at = tables + 24;
        for (var table = 0; table < 64; table++)
        {
            if ((present >> table & 1) == 0)
                continue;
            if (table == DocumentTable)
                _documentRows = Int(at);
            else if (table == MethodDebugInformationTable)
                _methodRows = Int(at);
            at += 4;
        }
        // The first two tables of a PDB that stands alone.
        _documents = at;
        _methods = at + _documentRows * (2 * _blobIndex + 2 * _guidIndex);
    }

    /// <summary>The PDB inside an assembly or beside it; null if there is none that belongs to it.</summary>
    public static PortablePdb? Of(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        foreach (var (type, data) in DebugEntries(file))
        {
            if (type == Embedded && data.AsSpan().StartsWith("MPDB"u8))
                return Inflate(data);
            var path = Path.ChangeExtension(assemblyPath, ".pdb");
            if (type != CodeView || !data.AsSpan().StartsWith("RSDS"u8) || !File.Exists(path))
                continue;
            var bytes = File.ReadAllBytes(path);
            if (!bytes.AsSpan().StartsWith("BSJB"u8)) // a Windows PDB
                return null;
            var pdb = new PortablePdb(bytes);
            return data.AsSpan(4, 16).SequenceEqual(bytes.AsSpan(pdb.Stream("#Pdb"u8), 16)) ? pdb : null; // of another build
        }
        return null;
    }

    /// <summary>
    /// The PDB beside a single-file app, for an assembly inside it; null if there is none that belongs to it. The id of the PDB that an assembly
    /// wants is in its file, and that is not to be had; the PDB says how many rows each table of its assembly has, and that is compared.
    /// </summary>
    public static unsafe PortablePdb? Beside(string folder, Assembly assembly)
    {
        var path = Path.Combine(folder, assembly.GetName().Name + ".pdb");
        if (!File.Exists(path) || !assembly.TryGetRawMetadata(out var blob, out var length))
            return null;
        var bytes = File.ReadAllBytes(path);
        if (!bytes.AsSpan().StartsWith("BSJB"u8))
            return null;
        var pdb = new PortablePdb(bytes);
        var rows = bytes.AsSpan(pdb.Stream("#Pdb"u8) + 24); // behind the id and the entry point: a bit for each table, and the rows of those that are there
        rows = rows[..(8 + 4 * BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(rows)))];
        var metadata = new ReadOnlySpan<byte>(blob, length);
        var tables = metadata[Stream(metadata, "#~"u8)..];
        return tables.Slice(8, 8).SequenceEqual(rows[..8]) && tables[24..].StartsWith(rows[8..]) ? pdb : null;
    }

    /// <summary>Behind a mark and the size. A method of its own, so that System.IO.Compression is loaded only for this.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static PortablePdb Inflate(byte[] data)
    {
        using var inflated = new MemoryStream();
        using (var deflated = new DeflateStream(new MemoryStream(data, 8, data.Length - 8), CompressionMode.Decompress))
            deflated.CopyTo(inflated);
        return new PortablePdb(inflated.ToArray());
    }

    /// <summary>Where a method's code begins.</summary>
    /// <param name="row">The row of the method's token.</param>
    public SourceLine? FirstLine(int row)
    {
        if (row < 1 || row > _methodRows)
            return null;
        var documentIndex = _documentRows > ushort.MaxValue ? 4 : 2;
        var method = _methods + (row - 1) * (documentIndex + _blobIndex);
        var document = Index(method, documentIndex);
        var blob = Index(method + documentIndex, _blobIndex);
        if (blob == 0)
            return null;
        var at = _blobs + blob;
        var end = Number(ref at) + at;
        Number(ref at); // the signature of the local variables
        if (document == 0)
            document = Number(ref at);
        while (at < end)
        {
            Number(ref at); // where in the code
            var lines = Number(ref at);
            if (lines == 0 && Number(ref at) == 0)
                continue; // a hidden sequence point
            if (lines != 0)
                Number(ref at); // columns
            return new SourceLine(DocumentName(document), Number(ref at));
        }
        return null;
    }

    /// <summary>Parts in the blob heap, joined by a separator.</summary>
    string DocumentName(int row)
    {
        var at = _blobs + Index(_documents + (row - 1) * (2 * _blobIndex + 2 * _guidIndex), _blobIndex);
        var end = Number(ref at) + at;
        var separator = (char)_bytes[at++];
        var name = new StringBuilder();
        for (var isFirst = true; at < end; isFirst = false)
        {
            if (!isFirst && separator != 0)
                name.Append(separator);
            var part = _blobs + Number(ref at);
            var length = Number(ref part);
            name.Append(Encoding.UTF8.GetString(_bytes, part, length));
        }
        return name.ToString();
    }

    /// <summary>Where a stream of the metadata is (ECMA-335 II.24.2.1).</summary>
    /// <exception cref="BadImageFormatException">There is none of that name.</exception>
    static int Stream(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> name)
    {
        var at = 16 + BinaryPrimitives.ReadInt32LittleEndian(metadata[12..]); // behind the version
        var count = BinaryPrimitives.ReadUInt16LittleEndian(metadata[(at + 2)..]);
        at += 4;
        for (var i = 0; i < count; i++)
        {
            var found = metadata[(at + 8)..];
            var length = found.IndexOf((byte)0);
            if (found[..length].SequenceEqual(name))
                return BinaryPrimitives.ReadInt32LittleEndian(metadata[at..]);
            at += 8 + (length + 4 & ~3);
        }
        throw new BadImageFormatException($"the metadata has no stream {Encoding.ASCII.GetString(name)}");
    }

    int Stream(ReadOnlySpan<byte> name) => Stream(_bytes, name);

    int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));

    int Index(int at, int size) => size == 4 ? Int(at) : BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    /// <summary>A compressed unsigned integer (ECMA-335 II.23.2).</summary>
    int Number(ref int at)
    {
        var first = _bytes[at++];
        if ((first & 0x80) == 0)
            return first;
        if ((first & 0x40) == 0)
            return (first & 0x3F) << 8 | _bytes[at++];
        var number = (first & 0x1F) << 24 | _bytes[at] << 16 | _bytes[at + 1] << 8 | _bytes[at + 2];
        at += 3;
        return number;
    }

    /// <summary>The debug directory of a PE file: type and data of each entry.</summary>
    static List<KeyValuePair<int, byte[]>> DebugEntries(FileStream file)
    {
        var entries = new List<KeyValuePair<int, byte[]>>();
        var head = Read(file, 0, (int)Math.Min(4096, file.Length));
        int Word(int at) => BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(at));
        int Long(int at) => BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(at));
        var header = Long(0x3C);
        var optional = header + 24;
        var directory = optional + (Word(optional) == 0x20B ? 112 : 96) + 6 * 8;
        var (address, size) = (Long(directory), Long(directory + 4));
        var section = optional + Word(header + 20);
        for (var i = 0; i < Word(header + 6); i++, section += 40)
        {
            var start = Long(section + 12);
            if (address < start || address >= start + Long(section + 8))
                continue;
            var table = Read(file, Long(section + 20) + address - start, size);
            for (var at = 0; at + 28 <= table.Length; at += 28)
            {
                int Field(int offset) => BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(at + offset));
                if (Field(12) is CodeView or Embedded)
                    entries.Add(new(Field(12), Read(file, Field(24), Field(16))));
            }
        }
        return entries;
    }

    static byte[] Read(FileStream file, long at, int count)
    {
        var bytes = new byte[count];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }
}
