# A node in a container, from the package that mvn package makes. compose.yaml runs a cluster of three.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless && rm -rf /var/lib/apt/lists/*
ADD target/synod-0.1.0.tar.gz /opt/
# The help prepares the image for fast starts.
RUN mv /opt/synod-0.1.0 /opt/synod && /opt/synod/scripts/node --help >/dev/null && mkdir /data && chown 1000:1000 /data
USER 1000:1000
WORKDIR /etc/synod
# The node's name follows.
ENTRYPOINT ["/opt/synod/scripts/node", "--cluster", "cluster.conf", "--config", "node.conf", "--data", "/data"]
