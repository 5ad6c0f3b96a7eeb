"""Read a WordPress export and plan the documents it becomes; pure, so the importer decides what is written."""
