using Agent.Tracing;

namespace Agent.UnitTests;

[TestClass]
public sealed class ContainerTests
{
    const string Id = "be522444b60caf2d3934b8b24b916a8a314f4b68d4595aa419874657e8d103f2";

    [TestMethod]
    [DataRow("13:name=systemd:/docker/" + Id, "", Id)]
    [DataRow("1:cpu:/\n4:memory:/kubepods.slice/cri-containerd-" + Id + ".scope", "", Id)]
    [DataRow("0::/", "", null)]
    [DataRow("0::/" + Id + "0", "", null)]
    [DataRow("2 1 8:1 /var/lib/" + Id + "/other /etc/hosts rw\n3 1 8:1 /var/lib/docker/containers/" + Id + "/hostname /etc/hostname rw", "/etc/hostname", Id)]
    [DataRow("2 1 8:1 /var/lib/docker/containers/" + Id + "/x /data rw", "/etc/hostname", null)]
    public void Id_is_found_in_what_the_kernel_says(string file, string text, string? expected) => Assert.AreEqual(expected, Container.IdIn(file, text));
}
