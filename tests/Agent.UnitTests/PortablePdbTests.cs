using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Agent.AspNetCore.Hooks;

namespace Agent.UnitTests;

/// <summary>The small reader against the framework's own, method by method.</summary>
[TestClass]
public sealed class PortablePdbTests
{
    [TestMethod]
    [DataRow(typeof(PortablePdbTests), DisplayName = "embedded")]
    [DataRow(typeof(PortablePdb), DisplayName = "beside the assembly")]
    [DataRow(typeof(Microsoft.VisualStudio.TestTools.UnitTesting.Assert), DisplayName = "none")]
    public void Every_method_begins_where_the_framework_says(Type type)
    {
        var path = type.Assembly.Location;
        using var image = new PEReader(File.OpenRead(path));
        var hasPdb = image.TryOpenAssociatedPortablePdb(path, name => File.Exists(name) ? File.OpenRead(name) : null, out var provider, out _);
        using var pdb = PortablePdb.Of(path);
        Assert.AreEqual(hasPdb, pdb is not null);
        if (!hasPdb)
            return;
        using (provider)
        {
            var reader = provider!.GetMetadataReader();
            var withLines = 0;
            foreach (var handle in image.GetMetadataReader().MethodDefinitions)
            {
                SourceLine? expected = null;
                foreach (var point in reader.GetMethodDebugInformation(handle.ToDebugInformationHandle()).GetSequencePoints())
                {
                    if (point.IsHidden)
                        continue;
                    expected = new SourceLine(reader.GetString(reader.GetDocument(point.Document).Name), point.StartLine);
                    withLines++;
                    break;
                }
                Assert.AreEqual(expected, pdb!.FirstLine(MetadataTokens.GetRowNumber(handle)));
            }
            Assert.IsGreaterThan(20, withLines);
            Assert.IsNull(pdb!.FirstLine(0));
            Assert.IsNull(pdb.FirstLine(1_000_000));
        }
    }

    [TestMethod]
    public void Pdb_beside_a_single_file_app_is_used_if_its_tables_are_those_of_the_assembly()
    {
        var assembly = typeof(PortablePdb).Assembly;
        var folder = Path.GetDirectoryName(assembly.Location)!;
        Assert.IsTrue(IsThere(PortablePdb.Beside(folder, assembly)));
        Assert.IsNull(PortablePdb.Beside(folder, typeof(Assert).Assembly), "it has none");
        var another = Directory.CreateTempSubdirectory("pdb");
        try
        {
            File.Copy(Path.Combine(folder, "Agent.pdb"), Path.Combine(another.FullName, $"{assembly.GetName().Name}.pdb"));
            Assert.IsNull(PortablePdb.Beside(another.FullName, assembly));
        }
        finally
        {
            another.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Pdb_of_another_build_is_not_used()
    {
        var folder = Directory.CreateTempSubdirectory("pdb");
        try
        {
            var source = typeof(PortablePdb).Assembly.Location;
            var copy = Path.Combine(folder.FullName, "Copy.dll");
            File.Copy(source, copy);
            Assert.IsNull(PortablePdb.Of(copy));
            File.Copy(Path.ChangeExtension(typeof(Settings).Assembly.Location, ".pdb"), Path.ChangeExtension(copy, ".pdb"));
            Assert.IsNull(PortablePdb.Of(copy));
            File.Copy(Path.ChangeExtension(source, ".pdb"), Path.ChangeExtension(copy, ".pdb"), overwrite: true);
            Assert.IsTrue(IsThere(PortablePdb.Of(copy)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    [DataRow("Microsoft C/C++ MSF 7.00", DisplayName = "of Windows")]
    [DataRow("BSJB", DisplayName = "cut off")]
    public void Pdb_that_is_none_is_refused(string content)
    {
        var folder = Directory.CreateTempSubdirectory("pdb");
        try
        {
            var copy = Path.Combine(folder.FullName, "Copy.dll");
            File.Copy(typeof(PortablePdb).Assembly.Location, copy);
            File.WriteAllText(Path.ChangeExtension(copy, ".pdb"), content);
            Assert.ThrowsExactly<BadImageFormatException>(() => PortablePdb.Of(copy)); // which SourceLine logs
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static bool IsThere(PortablePdb? pdb)
    {
        using (pdb)
            return pdb is not null;
    }
}
