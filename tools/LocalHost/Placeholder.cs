namespace IntegrationPoints.LocalHost.Builder { internal static class Anchor; }
namespace IntegrationPoints.LocalHost.Worker { internal static class Anchor; }
namespace IntegrationPoints.LocalHost.Durable { internal static class Anchor; }
namespace IntegrationPoints.LocalHost.Durable.Client { internal static class Anchor; }
