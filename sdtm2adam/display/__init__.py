"""From cells to pages: where each text stands, and where pages break."""
